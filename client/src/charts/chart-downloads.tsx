import { useApp } from '../app-state.ts';
import { resultTexts } from '../texts-of-results.ts';
import { Icon } from '../ui/icon.tsx';
import { saveFile } from '../ui/save-file.ts';
import { svgToPng } from './svg-to-png.ts';

const words = resultTexts.chart;

/** Downloads a chart as a picture, in the colours of the light theme: it goes into documents. */
export function ChartDownloads(props: { filename: string; svg: () => string }) {
  const { toasts } = useApp();
  const save = (content: Blob, ending: string) => saveFile(content, `${props.filename}.${ending}`);
  const savePng = async () => {
    try {
      save(await svgToPng(props.svg()), 'png');
    } catch (error) {
      reportError(error);
      toasts.show('error', words.notDrawn);
    }
  };
  return (
    <span class="chart-downloads">
      <button type="button" class="button button-quiet" aria-label={words.pngName} onClick={() => void savePng()}>
        <Icon name="download" />
        {words.png}
      </button>
      <button
        type="button"
        class="button button-quiet"
        aria-label={words.svgName}
        onClick={() => save(new Blob([props.svg()], { type: 'image/svg+xml' }), 'svg')}
      >
        <Icon name="download" />
        {words.svg}
      </button>
    </span>
  );
}
