export const MILLION = 1e6;
/** US dollars, with cents below a hundred. */
export const dollars = (amount: number): string =>
  amount < 100 ? amount.toFixed(2) : Math.round(amount).toLocaleString("en");

const BILLION = 1e9;

/** `7.69 M`, `10 B` */
export const million = (count: number): string =>
  count >= BILLION
    ? `${(count / BILLION).toLocaleString("en")} B`
    : `${(count / MILLION).toLocaleString("en")} M`;
