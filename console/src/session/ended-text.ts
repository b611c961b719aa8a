import type { SessionEnded } from "../../../client/watch-session.ts";
import type { Texts } from "../texts/en.ts";
import { clockTime } from "../time/format.ts";

/** An ending in words. */
export interface EndedText {
  readonly why: string;
  /** What to do if it was somebody else; absent where it was nobody's doing. */
  readonly notYou?: string;
}

export function endedText(
  { code, endedAt, by }: SessionEnded,
  { ended: texts }: Texts,
  { locale, now }: { readonly locale: string; readonly now: number },
): EndedText {
  const time = endedAt === undefined ? "" : clockTime(endedAt, now, locale);
  switch (code) {
    case "session_displaced": {
      const device = by !== undefined && "device" in by ? by.device : "";
      return { why: texts.session_displaced(device, time), notYou: texts.notYou.displaced };
    }
    case "session_revoked":
      return { why: texts.session_revoked(time), notYou: texts.notYou.revoked };
    case "session_logged_out":
      return { why: texts.session_logged_out(time), notYou: texts.notYou.other };
    case "session_expired":
      return { why: texts.session_expired(time) };
    case "session_unknown":
      return { why: texts.session_unknown };
    case "no_session":
      return { why: texts.no_session };
  }
}
