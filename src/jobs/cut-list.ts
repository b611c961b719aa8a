import { USERS_IN_A_STEP } from "./job.ts";

/** An item of DynamoDB is at most 400 KB; a thousand ids may have more. */
const STEP_BYTES = 300_000;
/** What an element of a list takes beside its text. */
const ELEMENT_BYTES = 8;

/** Cuts a list into what each step has: 1,000 users, fewer where their ids are long. */
export async function* cutList(
  userIds: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<readonly string[]> {
  let step: string[] = [];
  let bytes = 0;
  for await (const userId of userIds) {
    const size = Buffer.byteLength(userId) + ELEMENT_BYTES;
    if (step.length === USERS_IN_A_STEP || bytes + size > STEP_BYTES) {
      yield step;
      [step, bytes] = [[], 0];
    }
    step.push(userId);
    bytes += size;
  }
  if (step.length > 0) yield step;
}
