import type { DefaultTheme } from "vitepress";

const page = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link });

export const NAVIGATION: DefaultTheme.NavItem[] = [
  { text: "Start", link: "/start/why", activeMatch: "^/start/" },
  { text: "Guides", link: "/guides/cognito", activeMatch: "^/guides/" },
  { text: "Console", link: "/console/", activeMatch: "^/console/" },
  { text: "Operate", link: "/operate/deploy", activeMatch: "^/operate/" },
  { text: "Reference", link: "/reference/settings", activeMatch: "^/reference/" },
  { text: "Design", link: "/design/how-it-works", activeMatch: "^/design/" },
];

/** Every page is in here once, in the order in which to read. */
export const SIDEBAR: DefaultTheme.SidebarItem[] = [
  {
    text: "Start",
    items: [
      page("Why the usual way fails", "/start/why"),
      page("Add it to your CDK app", "/start/your-app"),
      page("Try it without AWS", "/start/try-it"),
      page("Tour", "/start/tour"),
    ],
  },
  {
    text: "Guides",
    items: [
      page("Cognito", "/guides/cognito"),
      page("Other identity providers", "/guides/identity-providers"),
      page("The provider's own access tokens", "/guides/access-tokens"),
      page("Your own backend signs in", "/guides/own-backend"),
      page("The password directory", "/guides/passwords"),
      page("Front ends and native apps", "/guides/front-ends"),
      page("React", "/guides/react"),
      page("Protect routes, read the user", "/guides/protect-routes"),
      page("Check the session in your own code", "/guides/guard"),
      page("The guard in your framework", "/guides/guard-frameworks"),
      page("Limits and policies", "/guides/limits"),
      page("Timeouts and NIST", "/guides/timeouts"),
      page("Account sharing", "/guides/account-sharing"),
      page("REST and WebSocket APIs", "/guides/rest-api"),
      page("Several APIs and stacks", "/guides/several-stacks"),
      page("Custom domain", "/guides/custom-domain"),
      page("Coming from a JWT authorizer", "/guides/from-jwt-authorizer"),
      page("Coming from django-single-session", "/guides/from-django"),
    ],
  },
  { text: "Console", items: [page("The console", "/console/")] },
  {
    text: "Operate",
    items: [
      page("Deploy", "/operate/deploy"),
      page("Monitor", "/operate/monitor"),
      page("Sign everybody out", "/operate/sign-everybody-out"),
      page("Revoke from events", "/operate/revoke-from-events"),
      page("Locked-out people", "/operate/locked-out"),
      page("Restore a backup", "/operate/restore"),
      page("Secrets", "/operate/secrets"),
      page("Upgrade", "/operate/upgrade"),
    ],
  },
  {
    text: "Reference",
    items: [
      page("Settings", "/reference/settings"),
      page("Construct and props", "/reference/construct/"),
      page("HTTP API", "/reference/http-api"),
      page("Problem codes", "/reference/problems"),
      page("Authorizer context", "/reference/authorizer-context"),
      page("Metrics and log lines", "/reference/telemetry"),
      page("Command line", "/reference/command-line"),
      page("The sessions command", "/reference/sessions-command"),
      page("Client", "/reference/client"),
    ],
  },
  {
    text: "Design",
    items: [
      page("How it works", "/design/how-it-works"),
      page("Bound sessions", "/design/bound-sessions"),
      page("Decisions", "/design/decisions"),
      page("Decisions: interfaces", "/design/decisions-interfaces"),
      page("Decisions: the guard", "/design/decisions-guard"),
      page("Decisions: push in the client", "/design/decisions-push-client"),
      page("Decisions: proof and speed", "/design/decisions-quality"),
      page("Proof", "/design/proof"),
      page("Reports of the proof", "/design/proof-reports"),
      page("Model", "/design/model"),
      page("Load report", "/design/load-report"),
      page("Performance", "/design/performance"),
      page("Performance: all numbers", "/design/performance-numbers"),
      page("Cost", "/design/cost"),
      page("Threat model", "/design/threat-model"),
      page("Rule packs", "/design/rule-packs"),
      page("Session management", "/design/session-management"),
      page("ASVS and NIST", "/design/asvs"),
      page("What never ran on AWS", "/design/verification"),
    ],
  },
];
