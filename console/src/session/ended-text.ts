import type { SessionEnded } from "../../../client/watch-session.ts";
import { deviceLabel } from "../devices/device-label.ts";
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
  texts: Texts,
  { locale, now }: { readonly locale: string; readonly now: number },
): EndedText {
  const { ended } = texts;
  const time = endedAt === undefined ? "" : clockTime(endedAt, now, locale);
  switch (code) {
    case "session_displaced": {
      const device = by !== undefined && "device" in by ? deviceLabel(by.device, texts) : "";
      return { why: ended.session_displaced(device, time), notYou: ended.notYou.displaced };
    }
    case "session_revoked":
      return { why: ended.session_revoked(time), notYou: ended.notYou.revoked };
    case "session_logged_out":
      return { why: ended.session_logged_out(time), notYou: ended.notYou.other };
    case "session_expired":
      return { why: ended.session_expired(time) };
    case "session_unknown":
      return { why: ended.session_unknown };
    case "no_session":
      return { why: ended.no_session };
  }
}
