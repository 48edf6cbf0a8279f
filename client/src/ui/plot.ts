/** uPlot, which asks the browser's language for a number format as soon as it is loaded. */
import './valid-language.ts';
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';

export { uPlot };
