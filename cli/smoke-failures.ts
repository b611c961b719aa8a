/** What was seen instead of what should have been. */
export class CheckFailure extends Error {
  override readonly name = "CheckFailure";
}

/** Why a check does not apply to this stack. */
export class CheckSkipped extends Error {
  override readonly name = "CheckSkipped";
}

/** @throws CheckFailure with what was seen. */
export function expectThat(condition: boolean, seen: string): asserts condition {
  if (!condition) throw new CheckFailure(seen);
}
