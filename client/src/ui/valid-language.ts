/** A browser in the locale of C says that its language is `en-US@posix`, which no formatter takes: then it is English. */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}
