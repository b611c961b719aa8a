import type { Session } from "../sessions/session.ts";
import type { AnswerForm } from "./authorizer-event.ts";
import type { ProblemCode } from "../api/parts/problem-codes.ts";

/** What an authorizer decided. */
export type Decision =
  | { readonly outcome: "live"; readonly session: Session }
  | { readonly outcome: "refused"; readonly code: ProblemCode };

/** The simple response of an HTTP API's request authorizer. The context reaches the route's own function. */
export type SimpleAuthorization =
  | { readonly isAuthorized: false }
  | {
      readonly isAuthorized: true;
      readonly context: {
        readonly userId: string;
        readonly sessionId: string;
        readonly isAdmin: boolean;
        readonly permissions: readonly string[];
      };
    };

/** The answer for REST APIs, WebSocket APIs and payload format 1.0. */
export interface PolicyAuthorization {
  /** The user id, or `anonymous`. */
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: "2012-10-17";
    readonly Statement: readonly [
      {
        readonly Action: "execute-api:Invoke";
        readonly Effect: "Allow" | "Deny";
        readonly Resource: string;
      },
    ];
  };
  /** Text, numbers and booleans only: the gateway takes nothing else, so that `permissions` is JSON text. */
  readonly context:
    | {
        readonly userId: string;
        readonly sessionId: string;
        readonly isAdmin: boolean;
        readonly permissions: string;
      }
    | { readonly code: ProblemCode };
}

export type Authorization = SimpleAuthorization | PolicyAuthorization;

/** A decision in the form that the gateway wants. */
export function toAuthorization(decision: Decision, answer: AnswerForm): Authorization {
  return answer.form === "simple" ? simple(decision) : policy(decision, answer.methodArn);
}

function simple(decision: Decision): SimpleAuthorization {
  if (decision.outcome === "refused") return { isAuthorized: false };
  const { id: sessionId, user } = decision.session;
  const { id: userId, isAdmin, permissions } = user;
  return { isAuthorized: true, context: { userId, sessionId, isAdmin, permissions } };
}

/**
 * A refusal is a policy too, and no thrown `Unauthorized`: only so can the gateway's own 403 say why, from
 * `$context.authorizer.code`.
 */
function policy(decision: Decision, methodArn: string): PolicyAuthorization {
  if (decision.outcome === "refused") {
    return {
      principalId: "anonymous",
      policyDocument: policyDocument("Deny", methodArn),
      context: { code: decision.code },
    };
  }
  const { id: sessionId, user } = decision.session;
  return {
    principalId: user.id,
    policyDocument: policyDocument("Allow", methodArn),
    context: {
      userId: user.id,
      sessionId,
      isAdmin: user.isAdmin,
      permissions: JSON.stringify(user.permissions),
    },
  };
}

const policyDocument = (
  effect: "Allow" | "Deny",
  methodArn: string,
): PolicyAuthorization["policyDocument"] => ({
  Version: "2012-10-17",
  Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: stageOf(methodArn) }],
});

/**
 * Everything at the stage of a method's ARN
 * (`arn:aws:execute-api:<region>:<account>:<api>/<stage>/<method>/<path>`). A session is live or not,
 * whatever is asked for. Where the gateway keeps answers, one that named the method would be applied to the
 * same caller's next request, for another method, and refuse it; and a path may hold `*`, `?` or `${`, which
 * mean something else in a policy.
 */
function stageOf(methodArn: string): string {
  const [api, stage] = methodArn.split("/");
  return stage === undefined ? methodArn : `${api ?? ""}/${stage}/*`;
}
