import type { ValidationLog } from "../src/runtime/function-settings.ts";
import type { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { AtLimit } from "../src/sessions/policy.ts";
import type { AuthorizerCache } from "./authorizer.ts";
import { BASELINE_PROPS, type BaselineProps } from "./baseline.ts";
import type { SessionEventOptions } from "./settings/events-setting.ts";
import type { IdentitySource } from "./settings/identity-setting.ts";
import type { TimeoutLevel } from "./settings/timeout-setting.ts";

/**
 * Props of {@link SingleSession}. It reads nothing else: neither the CDK context nor the environment of the
 * synth. `settingsFromContext` gives what those say, to be passed on as props.
 */
export interface SingleSessionProps extends BaselineProps {
  /**
   * `true`: one session a user. `false`: up to 30. `"./file.ts#export"`: a {@link SessionPolicyFunction} that
   * says it for each user. The path is absolute, a `file:` URL, or relative to the working directory of the
   * synth, which is the folder of `cdk.json`.
   * @default true
   */
  readonly singleUserSession?: boolean | string;
  /**
   * Whether logging out ends all of the user's sessions, also where `singleUserSession` is off.
   * @default true
   */
  readonly logoutAllSessions?: boolean | string;
  /**
   * How many sessions a user may have, 1 to 30. Not together with `singleUserSession`.
   * @default 1 where `atLimit` is given
   */
  readonly sessionLimit?: number;
  /**
   * What happens to a login at the limit. Not together with `singleUserSession`.
   * @default "displace"
   */
  readonly atLimit?: AtLimit;
  /**
   * Time without activity after which a session expires: `45s`, `30m`, `12h`, `30d`, a `Duration`, or
   * `"none"`. At most the absolute timeout.
   * @default 30 minutes or what `timeouts` says, or the absolute timeout where that is shorter
   */
  readonly idleTimeout?: string | Duration;
  /**
   * Time after the login at which a session expires whatever happens: `45s`, `30m`, `12h`, `30d` or a
   * `Duration`.
   * @default 12 hours, or what `timeouts` says
   */
  readonly absoluteTimeout?: string | Duration;
  /**
   * A level of NIST SP 800-63B-4, or spread a preset: `...NIST.AAL2`. It gives both timeouts where they are
   * not given themselves (30 days and no idle timeout; 24 hours and 1 hour; 12 hours and 15 minutes), and
   * refuses longer ones.
   * @default none
   */
  readonly timeouts?: TimeoutLevel;
  /**
   * How old a login may be that ends another of one's own sessions: a duration, or `"none"` for any age.
   * @default 15 minutes
   */
  readonly reauthWithin?: string | Duration;
  /**
   * Where users come from. An empty list leaves direct invocations of the login function as the only way in.
   * @default "passwords"
   */
  readonly identity?: IdentitySource | readonly IdentitySource[];
  /**
   * Origins of front ends elsewhere, each exact: `https://app.example.com`, `capacitor://localhost`. CORS on
   * your own API is yours to set, but where one of them has an app's own scheme
   * (`docs/guides/front-ends.md`). Each may be known only at deployment, and so may the whole list.
   * @default none
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * The base URL that people see, where it is not the host that the API is asked by: behind a CDN, a custom
   * domain with a mapping key (`https://api.example.com/auth`), or at a named stage behind either. The API's
   * paths follow it. It may be known only at deployment, as a whole or in part.
   * @default none
   */
  readonly publicOrigin?: string;
  /**
   * Whether the functions refuse requests that did not come through the CDN, with 403 `cdn_required`: the
   * only way to keep an AWS WAF before an HTTP API from being passed by. It needs a `SingleSessionConsole`,
   * or a CDN of your own that sends {@link SingleSession.originSecret}. Direct invocations are not affected.
   * @default false
   */
  readonly onlyThroughCdn?: boolean;
  /**
   * Whether the users table stays in the template while the identity source `passwords` is off. Nothing reads
   * it then.
   * @default false, with a note at the synth of what becomes of a table that was there
   */
  readonly keepUsersTable?: boolean;
  /**
   * Whether the sessions tell what happens to them: events on Amazon EventBridge (`Session Started`, `Session
   * Ended`, `Session Contention`), and push to the page of a session that ends. Or how they do.
   *
   * It costs what is told, some 5 dollars for a million logins that displace somebody, and with push each
   * page that is connected, 0.011 dollars for a thousand hours (`docs/design/cost.md`). It makes a function
   * that reads the table's stream, a queue and a bucket for what that could not tell, and for push an API of
   * AWS AppSync Events with a function.
   * @default true, with push
   */
  readonly events?: boolean | string | SessionEventOptions;
  /**
   * Whether lists of users of any length can be logged out, as jobs: `sessions revoke --file ids.txt`, the
   * console and `POST /admin/jobs` (`docs/operate/lists.md`). It makes a table, a durable function of Lambda
   * and one for the calls, which cost nothing while no job runs. In a VPC both need a way to Lambda's API (an
   * interface endpoint).
   * @default true
   */
  readonly jobs?: boolean | string;
  /**
   * Which validations of a live session write a log line: `"none"`, `"sampled"` (one of a hundred, by chance)
   * or `"all"`. Refusals, faults and audit lines are always written, and what is counted.
   * @default "none"
   */
  readonly logValidations?: ValidationLog;
  /**
   * Changing it signs everybody out at once; never use a value twice. 1 to 64 printable ASCII characters.
   * @default "1"
   */
  readonly era?: string;
  /**
   * Caching of the authorizer's answers. A cached yes outlives a logout.
   * @default none: a session that has ended is refused at once
   */
  readonly authorizerCache?: AuthorizerCache;
  /**
   * Whether DynamoDB refuses to delete the tables.
   * @default true, unless `removalPolicy` is DESTROY: they could not go with the stack
   */
  readonly deletionProtection?: boolean;
  /**
   * What becomes of tables and logs when the stack goes.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * How long the functions' logs are kept. They name user ids, session ids and source addresses.
   * @default RetentionDays.THREE_MONTHS
   */
  readonly logRetention?: RetentionDays;
}

/** The props beside the settings. */
export const OTHER_PROPS = [
  "authorizerCache",
  "deletionProtection",
  "removalPolicy",
  "logRetention",
  ...BASELINE_PROPS,
] as const satisfies readonly (keyof SingleSessionProps)[];
