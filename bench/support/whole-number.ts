import { InvalidArgumentError } from "commander";

/** For commander: a whole number within limits, or an error that names them. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Accepted is a whole number from ${least} to ${most}.`);
  };
