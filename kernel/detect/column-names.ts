/** The meaning of columns' names, in the languages that most spreadsheets are written in. */

/** Names of a column that holds departments in the narrow sense, the likeliest first, as {@link normalizeName} leaves them. */
const DEPARTMENT_FAMILY: readonly string[] = [
  ...['department name', 'department', 'dept name', 'dept', 'departments', 'department id', 'dept id', 'dept no'],
  ...['department code', 'dept code', 'department number', 'abteilung', 'abteilungsname', 'departement', 'département'],
  ...['rayon', 'departamento', 'reparto', 'dipartimento', 'afdeling', 'avdelning', 'avdeling', 'dział', 'oddział'],
  ...['отдел', '部门', '部門', '부서'],
];

/** Other usual names of what totals are grouped by. */
const GROUP_NAMES: readonly string[] = [
  ...['division', 'division name', 'business unit', 'cost center', 'cost centre', 'kostenstelle', 'region'],
  ...[
    'region name',
    'sales region',
    'store',
    'store name',
    'store id',
    'shop',
    'branch',
    'filiale',
    'outlet',
    'location',
  ],
  ...['team', 'category', 'category name', 'product category', 'kategorie', 'catégorie', 'categoria', 'categoría'],
  ...['segment', 'sector', 'group', 'market', 'country', 'land', 'pays', 'país', 'state', 'city', 'product'],
  ...['product name', 'produkt', 'produit', 'producto', 'artikel', 'article', 'item', 'item name', 'brand', 'marke'],
  ...['customer', 'customer name', 'kunde', 'client', 'cliente', 'channel', 'sales channel', 'type', 'class', 'name'],
];

/** Names of an amount, the likeliest first. */
const AMOUNT_NAMES: readonly string[] = [
  ...['number of sales', 'total number of sales', 'num sales', 'no of sales', 'sales count', 'sales', 'total sales'],
  ...['sales amount', 'amount of sales', 'amount', 'total amount', 'revenue', 'total revenue', 'turnover', 'umsatz'],
  ...['sales value', 'net sales', 'gross sales', 'total', 'sum', 'betrag', 'montant', 'importe', 'importo', 'bedrag'],
];

/** Words that make a name one of money that can be added up. */
const MONEY_WORDS = new Set([
  ...['amount', 'amt', 'sales', 'sale', 'revenue', 'revenues', 'turnover', 'total', 'totals', 'sum', 'subtotal', 'net'],
  ...['gross', 'proceeds', 'income', 'earnings', 'spend', 'spending', 'spent', 'cost', 'costs', 'expense', 'expenses'],
  ...['payment', 'payments', 'paid', 'profit', 'budget', 'value', 'usd', 'eur', 'gbp', 'dollars', 'euros', 'takings'],
  ...['umsatz', 'umsätze', 'betrag', 'summe', 'erlös', 'erlöse', 'wert', 'gesamt', 'netto', 'brutto', 'kosten'],
  ...['montant', 'ventes', 'recettes', 'somme', 'importe', 'ventas', 'ingresos', 'monto', 'suma', 'importo'],
  ...['vendite', 'ricavi', 'fatturato', 'totale', 'valor', 'vendas', 'receita', 'omzet', 'bedrag', 'totaal', 'belopp'],
  ...['omsättning', 'omsetning', 'omsætning', 'beløb', 'kwota', 'sprzedaż', 'przychód', 'сумма', 'выручка', 'продажи'],
  ...['金额', '销售额', '金額', '売上', '매출'],
]);

/** Words that make a name one of pieces. */
const QUANTITY_WORDS = new Set([
  ...['quantity', 'qty', 'quantities', 'units', 'pieces', 'pcs', 'count', 'volume', 'sold', 'menge', 'anzahl', 'stück'],
  ...['stückzahl', 'quantité', 'quantite', 'cantidad', 'quantità', 'quantidade', 'aantal', 'antal', 'ilość'],
  ...['количество', '数量', '수량'],
]);

/** Words that make a name one of numbers that mean nothing when they are added up. */
const OTHER_WORDS = new Set([
  ...['price', 'prices', 'rate', 'id', 'ids', 'key', 'code', 'codes', 'number', 'no', 'nr', 'num', 'nummer', 'numéro'],
  ...['numero', 'número', 'zip', 'postal', 'postcode', 'plz', 'year', 'jahr', 'année', 'annee', 'año', 'ano', 'anno'],
  ...['month', 'monat', 'mois', 'mes', 'day', 'tag', 'jour', 'week', 'woche', 'quarter', 'quartal', 'date', 'datum'],
  ...['fecha', 'time', 'hour', 'minute', 'phone', 'tel', 'telephone', 'fax', 'age', 'alter', 'lat', 'latitude', 'lon'],
  ...['lng', 'longitude', 'percent', 'percentage', 'pct', 'ratio', 'share', 'score', 'rating', 'rank', 'ranking'],
  ...['index', 'idx', 'row', 'version', 'ean', 'upc', 'sku', 'isbn', 'barcode', 'average', 'avg', 'mean', 'median'],
  ...['preis', 'einzelpreis', 'stückpreis', 'prix', 'precio', 'prezzo', 'preço', 'prijs', 'pris', 'cena', 'цена'],
  ...['unit', 'per', 'po', 'ref', 'reference', 'serial', 'temperature', 'weight', 'discount', '单价', '単価'],
  ...['status', 'flag', 'password', 'pin', 'codice', 'código', 'codigo', 'uncertainty', 'error', 'stdev', 'sd'],
]);

/** Words that make any name one of figures that do not add up: means, shares, sums so far, what is compared with. */
const NO_ADDENDS = new Set([
  ...['average', 'avg', 'mean', 'median', 'max', 'min', 'maximum', 'minimum', 'percent', 'percentage', 'pct', 'ratio'],
  ...['cumulative', 'cum', 'running', 'ytd', 'mtd', 'qtd', 'growth', 'change', 'index', 'durchschnitt', 'mittelwert'],
  ...['kumuliert', 'moyenne', 'moyen', 'cumul', 'promedio', 'acumulado', 'media', 'gemiddeld', '%'],
]);

/** Words of languages other than English that write decimals with a comma. */
const COMMA_COUNTRY_WORDS =
  /^(abteilung|umsatz|umsätze|betrag|summe|menge|anzahl|preis|datum|kosten|wert|montant|ventes|recettes|quantité|importe|ventas|cantidad|importo|vendite|fatturato|valor|vendas|omzet|bedrag|aantal|belopp|kwota|sprzedaż|сумма|выручка)/u;

/** How well a column's name suits a role; higher is better. */
export const NameClass = { OTHER: 0, UNKNOWN: 1, QUANTITY: 2, MONEY: 3 } as const;
export type NameClass = (typeof NameClass)[keyof typeof NameClass];

/** No usual name is longer; of a longer text not more is looked at, which can be a whole file. */
const MAX_NAME = 100;

/** A column's name without what varies from export to export: case, underscores, punctuation, a unit in brackets. */
export function normalizeName(name: string): string {
  const plain = (text: string) =>
    text
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}%#]+/gu, ' ')
      .trim();
  const start = name.slice(0, MAX_NAME);
  return plain(start.replace(/\([^)]*\)|\[[^\]]*\]/g, ' ')) || plain(start);
}

/** The class of a column by its name: whether its numbers can be added up. */
export function amountClass(name: string): NameClass {
  const normalized = normalizeName(name);
  if (AMOUNT_NAMES.includes(normalized)) return NameClass.MONEY;
  const words = normalized.split(' ').filter(Boolean);
  if (words.some((word) => NO_ADDENDS.has(word))) return NameClass.OTHER;
  const count = /^(?:total )?(?:number|no|num|nr|count) of (.*)$/.exec(normalized);
  if (count) return NameClass.QUANTITY;
  if (words.includes('total') && words.includes('price')) return NameClass.MONEY;
  // In English the last word says what it is, the others which one: a sales tax rate is a rate, a line total a total.
  for (const word of words.toReversed()) {
    if (OTHER_WORDS.has(word) || /^[%#]/.test(word)) return NameClass.OTHER;
    if (QUANTITY_WORDS.has(word)) return NameClass.QUANTITY;
    if (MONEY_WORDS.has(word))
      return words.includes('unit') || words.includes('per') ? NameClass.OTHER : NameClass.MONEY;
  }
  return NameClass.UNKNOWN;
}

/** The place of a name among the usual ones of an amount; Infinity if it is none of them. */
export function amountRank(name: string): number {
  return rankIn(AMOUNT_NAMES, name);
}

/** The place of a name among the usual ones of a department in the narrow sense; Infinity if it is none of them. */
export function departmentRank(name: string): number {
  return rankIn(DEPARTMENT_FAMILY, name);
}

/** The place of a name among the other usual ones of a group; Infinity if it is none of them. */
export function groupRank(name: string): number {
  return rankIn(GROUP_NAMES, name);
}

/** Whether a name is in a language of a country that writes decimals with a comma. */
export function isFromCommaCountry(name: string): boolean {
  return normalizeName(name)
    .split(' ')
    .some((word) => COMMA_COUNTRY_WORDS.test(word));
}

function rankIn(names: readonly string[], name: string): number {
  const rank = names.indexOf(normalizeName(name));
  return rank < 0 ? Number.POSITIVE_INFINITY : rank;
}
