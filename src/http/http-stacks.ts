/**
 * What bowser, which knows browsers, does not tell apart: the HTTP stacks of native apps, and pages within
 * other apps. By the user agents that these send unless an app sets its own.
 */

/** Apps that show pages of others within themselves, by what they put into the user agent. */
export const EMBEDDING_APPS: readonly (readonly [RegExp, string])[] = [
  [/\bFBAN\/Messenger|\bFB_IAB\/(Orca|MESSENGER)/i, "Messenger"],
  [/\bInstagram\b/, "Instagram"],
  [/\bBarcelona \d/, "Threads"],
  [/\bFBA[NV]\/|\bFB_IAB\//, "Facebook"],
  [/\bBytedanceWebview\b|\bmusical_ly|\btrill_|\bTikTok\b/i, "TikTok"],
  [/\bMicroMessenger\//, "WeChat"],
  [/\bWhatsApp\//, "WhatsApp"],
  [/\bLine\/\d/, "LINE"],
  [/\bKAKAOTALK\b/i, "KakaoTalk"],
  [/\bLinkedInApp\b/, "LinkedIn"],
  [/\bSnapchat\b/, "Snapchat"],
  [/\bPinterest\b/, "Pinterest"],
  [/\bTwitter for\b|\bTwitterAndroid\b/, "X"],
  [/\bTelegram\b/, "Telegram"],
];

/** Stacks whose name says nothing of the app; with a system it is "App on Android". */
export const GENERIC_NAMES =
  /^(okhttp|dalvik|cronet|cfnetwork|darwin|alamofire|apache-httpclient|ios|android)$/i;

/** Stacks that apps for several systems are made with, phones above all, and that name no system. */
export const MOBILE_STACKS =
  /\bdart:io\b|^Dart\/|\bktor\b|\bUnityPlayer\/|\bUnityWebRequest\/|\bXamarin\b|\bFlutter\b|\bReact.?Native\b|\bCapacitor\b|\bCordova\b|\bExpo\/|\bAlamofire\/|\bNativeScript\b/i;

/** How a stack or a tool is called among people, by the name it sends in lower case. */
export const PLAIN_NAMES: ReadonlyMap<string, string> = new Map([
  ["dart", "Flutter app"],
  ["ktor", "Ktor app"],
  ["ktor client", "Ktor app"],
  ["ktor-client", "Ktor app"],
  ["unityplayer", "Unity app"],
  ["node", "Node.js"],
  ["node.js", "Node.js"],
  ["undici", "Node.js"],
  ["postmanruntime", "Postman"],
  ["go-http-client", "Go"],
  ["python-requests", "Python"],
  ["python-urllib", "Python"],
  ["python-httpx", "Python"],
  ["java-http-client", "Java"],
]);
