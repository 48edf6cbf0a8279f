import { EXPORT_ADVICE, type FileKind, NO_TABLE_ADVICE, SPREADSHEET_ADVICE } from './file-signatures.ts';
import { isJson } from './json-start.ts';

/** A tag is looked for in so many characters; JSON is followed as far as the head goes. */
const TAG_CHARACTERS = 2000;

const HTML: FileKind = {
  what: 'a web page (HTML), which some programs save as .xls or .csv',
  advice:
    'open it in a spreadsheet program, save it as CSV and upload that; or check whether the download needs a login',
};
const EXCEL_XML: FileKind = { what: 'an Excel workbook (XML)', advice: SPREADSHEET_ADVICE };
const SVG: FileKind = { what: 'an image (SVG)', advice: NO_TABLE_ADVICE };
const XML: FileKind = { what: 'an XML document', advice: EXPORT_ADVICE };
const JSON_TEXT: FileKind = { what: 'JSON', advice: 'convert it to CSV, one row for each object, and upload that' };

/**
 * Tags that a page begins with. A header may consist of names in angle brackets (`<DATE>,<CLOSE>`), so no delimiter may
 * follow.
 */
const HTML_START =
  /^<(?:!doctype\s+html\b|(?:html|head|body|table|meta|title|script|style)(?:\s[^<>]*)?>(?! *[,;|\t]))/i;
const XML_START = /^<\?xml\s+version\b/i;
const SVG_START = /^<svg\s[^<>]*(?:>|$)/i;
/** Comments come before both; those of Internet Explorer, too. */
const COMMENT_START = /^<!--[\s\S]*?-->\s*/;

/** The kind of markup or JSON that a text is; undefined if it is none for certain. */
export function findMarkup(head: Uint8Array): FileKind | undefined {
  const text = decode(head).replace(/^[\ufeff\s]+/, '');
  if (text.startsWith('{') || text.startsWith('[')) return isJson(text) ? JSON_TEXT : undefined;
  if (!text.startsWith('<')) return undefined;
  const start = text.slice(0, TAG_CHARACTERS);
  if (XML_START.test(start)) return kindOfXml(start);
  const tag = start.replace(COMMENT_START, '');
  if (HTML_START.test(tag)) return HTML;
  return SVG_START.test(tag) ? SVG : undefined;
}

function kindOfXml(start: string): FileKind {
  if (
    /<\?mso-application\s+progid="Excel/i.test(start) ||
    start.includes('urn:schemas-microsoft-com:office:spreadsheet')
  )
    return EXCEL_XML;
  if (/<svg[\s>]/i.test(start)) return SVG;
  return /<!doctype\s+html|<html[\s>]/i.test(start) ? HTML : XML;
}

/** The text by its byte order mark, else byte for byte: all that is looked for is ASCII. */
function decode(head: Uint8Array): string {
  const [first, second, third] = head;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(head);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(head);
  const markBytes = first === 0xef && second === 0xbb && third === 0xbf ? 3 : 0;
  return new TextDecoder('latin1').decode(head.subarray(markBytes));
}
