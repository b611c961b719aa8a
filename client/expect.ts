/** @throws TypeError that names an option, its value and what is accepted, unless it is right. */
export function expect(
  called: string,
  name: string,
  value: unknown,
  isRight: boolean,
  accepted: string,
): void {
  if (isRight) return;
  const found = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new TypeError(`${called}: ${name} is ${found}; accepted is ${accepted}.`);
}
