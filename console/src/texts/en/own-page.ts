/** What one's own page says in English of what happened, and of what was somebody else's doing. */
export const ownPage = {
  notMe: {
    action: "That was not me",
    named: (device: string) => `That was not me: ${device}`,
    confirm: (device: string) => `Was the sign-in on ${device} not you?`,
    confirmText: "Its session is ended at once, and you are told what to do next.",
    title: "What to do now",
    text: "If the session was still live, it has been ended. But who signed in as you may know your password.",
    changePassword: "Change your password, which you find on the page of your account.",
    askForPassword: "Have your password changed at once.",
    lookThrough: "Look through your devices on this page. End the other sessions that you do not recognize.",
    tell: "Tell your administrator, who can see more of what happened.",
    toAccount: "Go to my account",
  },
  recent: {
    title: "Recent activity",
    text: "Was that you? Your sign-ins and the ends of your sessions of the last 90 days.",
    empty: "Nothing happened in the last 90 days.",
    what: "What happened",
    when: "When",
    device: "Device",
    wasIt: "Was that you?",
    kinds: { started: "Signed in", denied: "Sign-in refused: on as many devices as allowed" },
    reasons: {
      displaced: (device: string) =>
        `Signed out by the sign-in on ${device === "" ? "another device" : device}`,
      logged_out: "Logged out",
      revoked: "Ended by an administrator",
      expired: "Expired",
      unknown: "Ended",
    },
  },
};
