/**
 * An amount of a sample as a text: its number, its currency, and the decimal separators with which it is a number. The
 * kernel itself (`assembly/amount.ts`) reads amounts in one form; this tells which forms there are to choose from.
 */
export interface AmountText {
  /** The digits and their separators alone. */
  number: string;
  /** The sign or code of a currency; empty if there is none. */
  currency: string;
  /** Whether it is a number with a decimal point, and with a decimal comma. */
  isPoint: boolean;
  isComma: boolean;
}

/** More digits are an identifier. */
const MAX_DIGITS = 18;
const BLANK = '[ \\u00a0\\u2009\\u202f]';
const POINT = numberForm('\\.', ',');
const COMMA = numberForm(',', '\\.');

/** Groups are whole, of one kind, and the first one does not begin with a zero. */
function numberForm(decimal: string, mark: string): RegExp {
  const groups = [mark, BLANK, "['\\u2019]"].map((group) => `[1-9]\\d{0,2}(?:${group}\\d{3})+`);
  return new RegExp(`^(?=.*\\d)(?:\\d*|${groups.join('|')})(?:${decimal}\\d*)?$`);
}

/** Abbreviations that are used beside ISO 4217. */
const LOCAL_CURRENCIES = [
  ...['kr.', 'kr', 'zł', 'Kč', 'Ft', 'lei', 'Lei', 'SFr.', 'Fr.', 'Fr', 'Rs.', 'Rs', 'Rp', 'RM', 'TL', 'din', 'kn'],
  ...['руб.', 'руб', 'р.', 'грн', 'лв.', 'лв', '元', '円', '원'],
];
const CODES = new Set(Intl.supportedValuesOf('currency'));
const LOCAL = LOCAL_CURRENCIES.map((text) => text.replaceAll('.', '\\.')).join('|');
const TOKEN = `[A-Z]{0,3}\\p{Sc}[A-Z]{0,2}|${LOCAL}|[A-Z]{3}`;
const CURRENCY_BEFORE = new RegExp(`^(?:${TOKEN})(?![\\p{L}])`, 'u');
const CURRENCY_BEHIND = new RegExp(`(?<![\\p{L}])(?:${TOKEN})$`, 'u');
const BLANKS_BEFORE = new RegExp(`^${BLANK}+`);
const BLANKS_BEHIND = new RegExp(`${BLANK}+$`);
const SIGNS = /^[-+\u2212]/;
const SIGNS_BEHIND = /[-+\u2212]$/;
const PLAIN = /^-?\d{1,18}$/;

/** Reads a text as an amount in every form that counts. Undefined if it is none. */
export function readAmountText(text: string): AmountText | undefined {
  if (PLAIN.test(text)) return { number: text.replace('-', ''), currency: '', isPoint: true, isComma: true };
  if (!mayBeAmount(text)) return undefined;
  const bare = undress(text);
  if (!bare) return undefined;
  const { number, currency } = bare;
  if (number.replaceAll(/\D/g, '').replace(/^0+/, '').length > MAX_DIGITS + 12) return undefined;
  const isPoint = POINT.test(number);
  const isComma = COMMA.test(number);
  return isPoint || isComma ? { number, currency, isPoint, isComma } : undefined;
}

/** A longer text is no amount. */
const MAX_LENGTH = 60;
/** Nor is one with more characters besides digits, separators, signs and blanks: those of a currency. */
const MAX_OTHERS = 5;
const USUAL = new Set(Array.from(".,' +-()\u00a0\u2009\u202f\u2019\u2212", (character) => character.charCodeAt(0)));

/** Whether a closer look is worth it. */
function mayBeAmount(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  let digits = 0;
  let others = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits++;
    else if (!USUAL.has(code) && ++others > MAX_OTHERS) return false;
  }
  return digits > 0;
}

/** Whether a text is the sign or the code of a currency and nothing else. */
export function isCurrency(text: string): boolean {
  return CODES.has(text) || /^[A-Z]{0,3}\p{Sc}[A-Z]{0,2}$/u.test(text);
}

/** Whether a text is an amount in any form. */
export function isAmountText(text: string): boolean {
  return readAmountText(text) !== undefined;
}

/** Takes away a sign, brackets and a currency, each at most once, as the kernel does. */
function undress(text: string): { number: string; currency: string } | undefined {
  let rest = text;
  let currency = '';
  let isSigned = false;
  let isOpen = false;
  let isClosed = false;
  const take = (pattern: RegExp) => {
    const [found = ''] = pattern.exec(rest) ?? [];
    rest = pattern.source.startsWith('^') ? rest.slice(found.length) : rest.slice(0, rest.length - found.length);
    return found;
  };
  const takeCurrency = (pattern: RegExp) => {
    const [found = ''] = pattern.exec(rest) ?? [];
    if (currency !== '' || found === '' || (/^[A-Z]{3}$/.test(found) && !CODES.has(found))) return false;
    currency = found;
    take(pattern);
    return true;
  };
  for (let isMore = true; isMore; ) {
    isMore = false;
    if (rest.length < text.length) take(BLANKS_BEFORE);
    if (!isOpen && !isSigned && rest.startsWith('(')) {
      isOpen = true;
      rest = rest.slice(1);
      isMore = true;
    } else if (!isSigned && !isOpen && take(SIGNS) !== '') {
      isSigned = true;
      isMore = true;
    } else isMore = takeCurrency(CURRENCY_BEFORE);
  }
  const before = rest.length;
  for (let isMore = true; isMore; ) {
    isMore = false;
    if (rest.length < before) take(BLANKS_BEHIND);
    if (isOpen && !isClosed && rest.endsWith(')')) {
      isClosed = true;
      rest = rest.slice(0, -1);
      isMore = true;
    } else if (!isSigned && !isOpen && take(SIGNS_BEHIND) !== '') {
      isSigned = true;
      isMore = true;
      // In `5.-` the dash stands for no cents.
      if (/[.,]$/.test(rest)) return undefined;
    } else isMore = takeCurrency(CURRENCY_BEHIND);
  }
  return isOpen === isClosed ? { number: rest, currency } : undefined;
}
