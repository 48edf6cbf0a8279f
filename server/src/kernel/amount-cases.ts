import type { ReadPlan, RejectReason } from './kernel.ts';
import { code, type KernelCase } from './kernel-case.ts';

/** A case of one amount: the sum, or the reason why it does not count. */
function amount(
  text: string,
  outcome: string | keyof typeof RejectReason,
  plan: Partial<ReadPlan> = {},
  behaviour = `the amount ${text || '(empty)'} ${/^[A-Z]/.test(outcome) ? `is rejected as ${outcome}` : `is ${outcome}`}`,
): KernelCase {
  const row = `a;${text}`;
  const isReject = /^[A-Z]/.test(outcome);
  return {
    behaviour,
    csv: `${row}\n`,
    plan: { delimiter: code(';'), ...plan },
    totals: isReject ? [] : [`a: ${outcome} x 1`],
    rejects: isReject ? [`1 @ 0 ${outcome}: ${row}`] : [],
  };
}

const NEGATIVE = { allowNegative: true };
const GERMAN = { decimalSeparator: code(','), groupSeparator: code('.') };

/** What is an amount, and what is not. */
export const AMOUNT_CASES: readonly KernelCase[] = [
  amount('5', '5'),
  amount('+5', '5'),
  amount('007', '7'),
  amount('.5', '0.5'),
  amount('5.', '5'),
  amount('0.000001', '0.000001'),
  amount('12.50', '12.50'),
  amount('-0', '0'),
  amount('-0.00', '0.00'),
  amount('-5', 'NEGATIVE_AMOUNT'),
  amount('-5', '-5', NEGATIVE),
  amount('-.25', '-0.25', NEGATIVE),
  amount('', 'EMPTY_AMOUNT'),
  amount('  ', 'EMPTY_AMOUNT'),
  amount('""', 'EMPTY_AMOUNT'),
  amount('-', 'AMOUNT_NOT_A_NUMBER'),
  amount('+', 'AMOUNT_NOT_A_NUMBER'),
  amount('.', 'AMOUNT_NOT_A_NUMBER'),
  amount('-.', 'AMOUNT_NOT_A_NUMBER', NEGATIVE),
  amount('1e3', 'AMOUNT_NOT_A_NUMBER'),
  amount('$5', 'AMOUNT_NOT_A_NUMBER'),
  amount('5 €', 'AMOUNT_NOT_A_NUMBER'),
  amount('--5', 'AMOUNT_NOT_A_NUMBER'),
  amount('5-', 'AMOUNT_NOT_A_NUMBER'),
  amount('1.2.3', 'AMOUNT_NOT_A_NUMBER'),
  amount('1 2', 'AMOUNT_NOT_A_NUMBER'),
  amount('NaN', 'AMOUNT_NOT_A_NUMBER'),
  amount('0x10', 'AMOUNT_NOT_A_NUMBER'),
  amount('٣', 'AMOUNT_NOT_A_NUMBER'),
  amount('1,234', '1234'),
  amount('1,234.50', '1234.50'),
  amount('1,234.', '1234'),
  amount('12,345,678.9', '12345678.9'),
  amount('12,34', 'AMOUNT_NOT_A_NUMBER'),
  amount('1234,567', 'AMOUNT_NOT_A_NUMBER'),
  amount(',234', 'AMOUNT_NOT_A_NUMBER'),
  amount('1,,234', 'AMOUNT_NOT_A_NUMBER'),
  amount('1,234,', 'AMOUNT_NOT_A_NUMBER'),
  amount('1,23.5', 'AMOUNT_NOT_A_NUMBER'),
  amount('1.234,567', 'AMOUNT_NOT_A_NUMBER'),
  amount('1,234', 'AMOUNT_NOT_A_NUMBER', { groupSeparator: 0 }, 'without a group separator 1,234 is no number'),
  amount('1.234,50', '1234.50', GERMAN),
  amount('1,5', '1.5', GERMAN),
  amount('1.5', 'AMOUNT_NOT_A_NUMBER', GERMAN, 'a group of one digit is no number'),
  amount("1'234.5", '1234.5', { groupSeparator: code("'") }),
  amount('1 234.5', '1234.5', { groupSeparator: code(' ') }),
  amount('123456789012345678', '123456789012345678'),
  amount('123456789012.345678', '123456789012.345678'),
  amount('000123456789012345678', '123456789012345678'),
  amount('-999999999999999999', '-999999999999999999', NEGATIVE),
  amount('9007199254.740993', '9007199254.740993', {}, 'an amount just beyond a safe integer of units stays exact'),
  amount('4503599627.370496', '4503599627.370496', {}, 'an amount just at the base of the pairs stays exact'),
  amount('-4503599627.370496', '-4503599627.370496', NEGATIVE, 'so does its negative'),
  amount('1234567890123456789', 'AMOUNT_OUT_OF_RANGE'),
  amount('1000000000000000000', 'AMOUNT_OUT_OF_RANGE'),
  amount('0.1234567', 'AMOUNT_OUT_OF_RANGE'),
  amount('1.0000000', 'AMOUNT_OUT_OF_RANGE'),
  amount('-12345678901234567890', 'NEGATIVE_AMOUNT'),
  amount('-12345678901234567890', 'AMOUNT_OUT_OF_RANGE', NEGATIVE),
  amount('12345678901234567890x', 'AMOUNT_NOT_A_NUMBER'),
];
