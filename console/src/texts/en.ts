import cloudscape from "@cloudscape-design/components/i18n/messages/all.en";
import { plural, sessions } from "./en/counts.ts";
import { jobsPage } from "./en/jobs-page.ts";
import { ownPage } from "./en/own-page.ts";
import { usersPage } from "./en/users-page.ts";

/** All that the console says in English; the other languages have the same shape. */
export const en = {
  /** Cloudscape's own texts. */
  cloudscape,
  product: "Sessions",
  close: "Close",
  cancel: "Cancel",
  retry: "Try again",
  refresh: "Refresh",
  loading: "Loading",
  updated: (ago: string) => `Updated ${ago}`,
  /** Why an administrator ends sessions. */
  reason: {
    label: "Reason",
    optional: "optional",
    hint: "Kept with what you do, and shown to administrators only.",
    length: (n: number, most: number) => `${n} of at most ${most} characters`,
    tooLong: (most: number) => `A reason has at most ${most} characters.`,
  },
  header: {
    language: "Language",
    theme: "Theme",
    themes: { system: "As the system", light: "Light", dark: "Dark" },
    signedInAs: (user: string) => `Signed in as ${user}`,
    logOut: "Log out",
    administrator: "Administrator",
  },
  account: { title: "My account", newTab: "opens in a new tab" },
  navigation: {
    title: "Navigation",
    devices: "My devices",
    users: "Users and sessions",
    overview: "Overview",
    sharing: "Sharing",
    activity: "Activity",
    jobs: "Long lists",
  },
  notFound: { title: "No such page", text: "The address leads nowhere.", home: "Go to my devices" },
  failures: {
    title: "This did not work",
    unreachable: "The server did not answer. Check your connection, and try again.",
    unavailable: "The service is not available at the moment. Nothing was changed; try again shortly.",
    unknownOutcome: "The service did not say whether this was done. Look before you do it again.",
    forbidden: "You have no permission for this.",
    crossOrigin: "The service refused this page: it is not the page of this deployment.",
    notFound: "That session is not there any more.",
    signedOut: "You are not signed in any more.",
    other: (status: number) => `The service answered with an error (${status}).`,
  },
  connection: {
    offlineTitle: "You are offline",
    unreachableTitle: "The server does not answer",
    text: "What you see may be out of date. The page goes on by itself when the connection is back.",
  },
  device: {
    unknown: "Unknown device",
    classes: { desktop: "Computer", mobile: "Phone or tablet" },
    on: (client: string, system: string) => `${client} on ${system}`,
  },
  signIn: {
    title: "Sign in",
    userName: "User name",
    password: "Password",
    submit: "Sign in",
    with: (name: string) => `Sign in with ${name}`,
    noUserName: "Enter your user name.",
    noPassword: "Enter your password.",
    badUserName: "This cannot be a user name.",
    badPassword: "A password has 1 to 1,024 characters.",
    wrong: "The user name or the password is wrong.",
    throttled: "Too many failed attempts",
    waitFor: (time: string) => `You can try again in ${time}.`,
    tryNow: "You can try again now.",
    noWay: "You cannot sign in on this page. Another application signs people in for this deployment.",
    deny: {
      title: "You are signed in on as many devices as you may be",
      text: "Log out on one of them first. One that is not used any more makes room by itself after a while.",
    },
  },
  picker: {
    title: "Choose which devices to sign out",
    text: "You are signed in on as many devices as you may be. To sign in here, choose which of them to sign out.",
    stillTooMany: "That was not enough, or a device came in between. Choose again.",
    choose: "Choose at least one device.",
    legend: "Your devices",
    end: (n: number) =>
      plural(n, {
        one: "Sign out the chosen device and sign in",
        other: "Sign out the chosen devices and sign in",
      }),
    takeOver: "Sign out the one unused for longest and sign in",
  },
  devices: {
    title: "My devices",
    text: "Where you are signed in at the moment.",
    current: "This device",
    address: "Address",
    signedIn: "Signed in",
    lastSeen: "Last active",
    expires: "Ends by itself",
    noAddress: "Unknown",
    end: "End this session",
    endNamed: (device: string) => `End this session: ${device}`,
    endOthers: "End all other sessions",
    confirmOne: (device: string) => `End the session of ${device}?`,
    confirmOneText: "That device is signed out at once.",
    confirmOthers: (n: number) =>
      plural(n, { one: "End the other session?", other: "End the # sessions elsewhere?" }),
    confirmOthersText: "You stay signed in on this device only.",
    ended: (device: string) => `The session of ${device} was ended.`,
    endedOthers: (n: number) => `${sessions(n)} elsewhere ended.`,
    empty: "There are no sessions to show.",
  },
  reauthenticate: {
    title: "Enter your password again",
    text: "You signed in some time ago. To end sessions on other devices, show that it is still you.",
    submit: "Confirm",
    elsewhere: "Sign in again, and then repeat this.",
  },
  ...ownPage,
  ...usersPage,
  ...jobsPage,
  ended: {
    title: "You are signed out on this device",
    session_displaced: (device: string, time: string) =>
      `You signed in on ${device === "" ? "another device" : device}${time === "" ? "" : ` at ${time}`}, so this device was signed out.`,
    session_revoked: (time: string) =>
      `An administrator ended this session${time === "" ? "" : ` at ${time}`}.`,
    session_logged_out: (time: string) =>
      `You logged out${time === "" ? "" : ` at ${time}`}, and that signed this device out too.`,
    session_expired: (time: string) =>
      `The time of this session was over${time === "" ? "" : ` at ${time}`}, so this device was signed out.`,
    session_unknown: "This session does not exist any more, so this device was signed out.",
    no_session:
      "This browser is signed out: you logged out in another tab, or the time of the session was over.",
    notYou: {
      title: "Was that not you?",
      displaced:
        "Then somebody else can sign in as you. Sign in again, which signs the other device out, and have your password changed at once.",
      other: "Then somebody else can sign in as you. Sign in again, and have your password changed at once.",
      revoked: "You can sign in again, unless your user was disabled. Ask your administrator for the reason.",
    },
    which: (device: string, time: string) => `It was the session of ${device}, signed in at ${time}.`,
    keep: "What you typed is still on the page.",
    signIn: "Sign in again",
    stay: "Stay on the page",
  },
};

/** Every language has these. */
export type Texts = typeof en;
