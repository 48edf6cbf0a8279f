/**
 * The amounts of a row where there are several, or products of two columns. An amount that is empty is just not there, as
 * long as another one is. The host writes the amounts to {@link AMOUNTS}.
 */
import {
  amountDecimals,
  amountGroup,
  amountGroups,
  amountHasPoint,
  amountHigh,
  amountLow,
  mantissa,
  readAmount,
  writtenDecimals,
} from './amount';
import { figureOf } from './departments';
import { MANY_DECIMALS, noteGroups, noteLeftOutAmount, noteNegative } from './evidence';
import { AMOUNTS, FIGURES, OPERANDS, UNIT_SCALES } from './memory';
import { AMOUNT_DECIMALS, amountCount } from './plan';
import { AMOUNT_OUT_OF_RANGE, EMPTY_AMOUNT } from './reject-reason';
import { readShortAmount } from './short-amount';
import { DECIMALS_SEEN } from './state';
import { addAmount } from './tallies';

/** An amount: its column, and that of its factor. */
export const AMOUNT_BYTES: usize = 16;
export const AMOUNT_COLUMN: usize = 0;
export const FACTOR_COLUMN: usize = 4;
/** Stands for a factor where there is none. */
export const NO_FACTOR: u32 = u32.MAX_VALUE;

/** The field of a column that an amount is made of, two for each amount: where it stands, and how it is written. */
export const OPERAND_BYTES: usize = 32;
export const OPERAND_START: usize = 0;
export const OPERAND_END: usize = 4;
const OPERAND_GROUPS: usize = 8;
const OPERAND_GROUP: usize = 12;
const OPERAND_HAS_POINT: usize = 16;

/** The amount itself, if it is there: two halves in its units, its decimals. */
const FIGURE_BYTES: usize = 32;
const FIGURE_LOW: usize = 0;
const FIGURE_HIGH: usize = 8;
const FIGURE_DECIMALS: usize = 16;
const IS_THERE: usize = 20;

/** Products are in units of 10 to the power of minus this, and smaller than 10^15: sums of any number of rows fit. */
export const PRODUCT_DECIMALS: i32 = 2 * AMOUNT_DECIMALS;
/** 10^27, two halves. */
const PRODUCT_LIMIT_HIGH: u64 = 0x33b_2e3c;
const PRODUCT_LIMIT_LOW: u64 = 0x9fd0_803c_e800_0000;
const HALF: u64 = 0xffff_ffff;

/** How the amounts of the row are written: a bit for each number of decimals, as in DECIMALS_SEEN, and whether any has groups. */
let decimalsOfRow: u32 = 0;
let hasGroups: bool = false;

/** The operand that was the reason for which the row does not count. */
export let failedStart: usize = 0;
export let failedEnd: usize = 0;

/** Keeps the field of a column for each amount that is made of it. */
export function keepOperands(column: u32, start: usize, end: usize): void {
  for (let index: u32 = 0; index < amountCount; index++) {
    const amount = AMOUNTS + <usize>index * AMOUNT_BYTES;
    const operand = operandOf(index);
    if (load<u32>(amount, AMOUNT_COLUMN) == column) keepOperand(operand, start, end);
    if (load<u32>(amount, FACTOR_COLUMN) == column) keepOperand(operand + OPERAND_BYTES, start, end);
  }
}

export function operandOf(index: u32): usize {
  return OPERANDS + <usize>index * 2 * OPERAND_BYTES;
}

export function keepOperand(operand: usize, start: usize, end: usize): void {
  store<u32>(operand, <u32>start, OPERAND_START);
  store<u32>(operand, <u32>end, OPERAND_END);
}

/** Reads all amounts of the row whose operands were kept. Returns why it does not count, or 0. */
export function readAmounts(): u32 {
  let isAnyThere = false;
  decimalsOfRow = 0;
  hasGroups = false;
  for (let index: u32 = 0; index < amountCount; index++) {
    const figure = FIGURES + <usize>index * FIGURE_BYTES;
    const operand = operandOf(index);
    store<u32>(figure, 0, IS_THERE);
    let reason = readOperand(operand);
    if (reason != 0 && reason != EMPTY_AMOUNT) return reason;
    if (load<u32>(AMOUNTS + <usize>index * AMOUNT_BYTES, FACTOR_COLUMN) == NO_FACTOR) {
      if (reason != 0) continue;
      setFigure(figure, amountLow, amountHigh, amountDecimals);
    } else {
      const isNegative = amountHigh < 0;
      const digits = mantissa;
      const decimals = amountDecimals;
      const other = readOperand(operand + OPERAND_BYTES);
      if (other != 0 && other != EMPTY_AMOUNT) return other;
      if (reason != 0 || other != 0) continue;
      if (!setProduct(figure, digits, decimals, isNegative)) {
        failedStart = load<u32>(operand, OPERAND_START);
        failedEnd = load<u32>(operand, OPERAND_END);
        return AMOUNT_OUT_OF_RANGE;
      }
    }
    isAnyThere = true;
  }
  return isAnyThere ? 0 : EMPTY_AMOUNT;
}

function readOperand(operand: usize): u32 {
  const start: usize = load<u32>(operand, OPERAND_START);
  const end: usize = load<u32>(operand, OPERAND_END);
  if (readShortAmount(start, end)) {
    if (amountHasPoint) decimalsOfRow |= 1 << writtenDecimals;
    store<u32>(operand, 0, OPERAND_GROUPS);
    return 0;
  }
  const reason = readAmount(start, end);
  // One that is not there is not written in any form.
  store<u32>(operand, reason == 0 ? amountGroups : 0, OPERAND_GROUPS);
  if (reason != 0) {
    failedStart = start;
    failedEnd = end;
    return reason;
  }
  if (amountHasPoint) decimalsOfRow |= 1 << min(writtenDecimals, MANY_DECIMALS);
  if (amountGroups == 0) return 0;
  hasGroups = true;
  store<u32>(operand, amountGroup, OPERAND_GROUP);
  store<u32>(operand, amountHasPoint ? 1 : 0, OPERAND_HAS_POINT);
  return 0;
}

function setFigure(figure: usize, low: u64, high: i64, decimals: i32): void {
  store<u64>(figure, low, FIGURE_LOW);
  store<i64>(figure, high, FIGURE_HIGH);
  store<u32>(figure, decimals, FIGURE_DECIMALS);
  store<u32>(figure, 1, IS_THERE);
}

/** Sets the product of a number and the amount that was read last. Returns false if it is too large. */
function setProduct(figure: usize, digits: u64, decimals: i32, isNegative: bool): bool {
  const isBelow = isNegative != amountHigh < 0;
  const behind = decimals + amountDecimals;
  // Both have 18 digits at most.
  multiply(digits, mantissa);
  if (!scaleProduct(PRODUCT_DECIMALS - behind)) return false;
  let low = productLow;
  let high = <i64>productHigh;
  if (isBelow) {
    high = ~high + (low == 0 ? 1 : 0);
    low = ~low + 1;
  }
  setFigure(figure, low, high, behind);
  return true;
}

let productLow: u64 = 0;
let productHigh: u64 = 0;

/** Multiplies two numbers of 64 bits to one of 128. */
function multiply(a: u64, b: u64): void {
  const low = (a & HALF) * (b & HALF);
  const cross = (a >> 32) * (b & HALF) + (low >> 32);
  const other = (a & HALF) * (b >> 32) + (cross & HALF);
  productLow = (other << 32) | (low & HALF);
  productHigh = (a >> 32) * (b >> 32) + (cross >> 32) + (other >> 32);
}

/** Multiplies the product with a power of ten. Returns false if it comes to the limit. */
function scaleProduct(zeros: i32): bool {
  let left = zeros;
  // So large it has no room for one more digit, and no step below can overflow.
  while (left > 0) {
    if (productHigh >= PRODUCT_LIMIT_HIGH) return false;
    const step = min(left, AMOUNT_DECIMALS);
    const factor: u64 = load<u64>(UNIT_SCALES + ((<usize>(AMOUNT_DECIMALS - step)) << 3));
    const high = productHigh;
    multiply(productLow, factor);
    productHigh += high * factor;
    left -= step;
  }
  return productHigh < PRODUCT_LIMIT_HIGH || (productHigh == PRODUCT_LIMIT_HIGH && productLow < PRODUCT_LIMIT_LOW);
}

/** Adds the amounts of the row to an entry. Returns false if there is no memory for them. */
export function addAmounts(entry: usize): bool {
  for (let index: u32 = 0; index < amountCount; index++) {
    const figure = FIGURES + <usize>index * FIGURE_BYTES;
    if (load<u32>(figure, IS_THERE) == 0) continue;
    const low = load<u64>(figure, FIGURE_LOW);
    const high = load<i64>(figure, FIGURE_HIGH);
    if (!addAmount(figureOf(entry, index), low, high, load<u32>(figure, FIGURE_DECIMALS))) return false;
  }
  return true;
}

/** Whether the first amount is there and no product: only of such a one sums of evidence are kept. */
function hasPlainFirst(): bool {
  return load<u32>(FIGURES, IS_THERE) != 0 && load<u32>(AMOUNTS, FACTOR_COLUMN) == NO_FACTOR;
}

/** Notes the amounts of a row that does not count. */
export function noteLeftOutAmounts(): void {
  if (!hasPlainFirst()) return;
  noteLeftOutAmount(
    load<u64>(FIGURES, FIGURE_LOW),
    load<i64>(FIGURES, FIGURE_HIGH),
    load<u32>(FIGURES, FIGURE_DECIMALS),
  );
}

/** Whether an amount of the row has groups, such as 1,234, so that its line may be wanted. */
export function hasGroupedAmount(): bool {
  return hasGroups;
}

/** Notes the amounts of a row that counts. @param line only looked at if {@link hasGroupedAmount} */
export function noteAmounts(line: u64): void {
  const high = load<i64>(FIGURES, FIGURE_HIGH);
  if (high < 0 && hasPlainFirst()) {
    noteNegative(load<u64>(FIGURES, FIGURE_LOW), high, load<u32>(FIGURES, FIGURE_DECIMALS));
  }
  store<u32>(DECIMALS_SEEN, load<u32>(DECIMALS_SEEN) | decimalsOfRow);
  if (!hasGroups) return;
  for (let index: u32 = 0; index < 2 * amountCount; index++) {
    const operand = OPERANDS + <usize>index * OPERAND_BYTES;
    const hasPoint = load<u32>(operand, OPERAND_HAS_POINT) != 0;
    noteGroups(load<u32>(operand, OPERAND_GROUPS), load<u32>(operand, OPERAND_GROUP), hasPoint, line);
  }
}
