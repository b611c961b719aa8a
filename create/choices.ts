/** What the new app is like: one question each. The first value of each is the default. */
export const QUESTIONS = {
  signIn: {
    option: "sign-in",
    message: "Who signs people in?",
    values: {
      cognito: "Amazon Cognito, by its own sign-in page",
      oidc: "another OpenID Connect provider",
      own: "a function of your own",
    },
  },
  api: {
    option: "api",
    message: "Which kind of API?",
    values: { http: "HTTP API", rest: "REST API" },
  },
  frontEnd: {
    option: "front-end",
    message: "Which front end?",
    values: { none: "none", react: "React, with Vite" },
  },
} as const;

export type Question = keyof typeof QUESTIONS;
type ValueOf<Q extends Question> = keyof (typeof QUESTIONS)[Q]["values"];

/** An answer to each question. */
export type Choices = { readonly [Q in Question]: ValueOf<Q> };

export const QUESTION_NAMES = Object.keys(QUESTIONS) as readonly Question[];

/** The accepted answers to a question, the default first. */
export const valuesOf = <Q extends Question>(question: Q) =>
  Object.keys(QUESTIONS[question].values) as [ValueOf<Q>, ...ValueOf<Q>[]];

const NAME = /^[a-z][a-z0-9-]{0,38}$/;
/** Cognito refuses them in the domain of a sign-in page. */
const RESERVED = /aws|amazon|cognito/;

/** Why an app cannot have a name, or `undefined` where it can. */
export function nameProblem(name: string, signIn?: Choices["signIn"]): string | undefined {
  const given = `The name is ${JSON.stringify(name)}; accepted`;
  if (!NAME.test(name)) {
    return `${given} are 1 to 39 lower-case letters, digits and hyphens, of which the first is a letter.`;
  }
  if (signIn === "cognito" && RESERVED.test(name)) {
    return (
      `${given} is a name without "aws", "amazon" and "cognito", which Cognito refuses in its sign-in ` +
      "page's address."
    );
  }
  return undefined;
}
