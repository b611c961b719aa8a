/** What the two devices show, as JPEG files in base64. */
export interface Screens {
  readonly laptop: { readonly before: string; readonly after: string };
  readonly phone: { readonly before: string; readonly after: string };
}

/** Where a device is in the picture. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const GAP = 20;
const CAPTION_HEIGHT = 54;
export const LAPTOP: Place = { x: GAP, y: GAP, width: 760, height: 540 };
export const PHONE: Place = { x: LAPTOP.x + LAPTOP.width + GAP, y: GAP, width: 277, height: 540 };
const WIDTH = PHONE.x + PHONE.width + GAP;
const HEIGHT = LAPTOP.y + LAPTOP.height + CAPTION_HEIGHT;

const TITLE = "A phone signs in, and the laptop is told that it was signed out";
const CAPTIONS = {
  first: "alice is signed in on her laptop, and signs in on her phone …",
  second: "… the phone is signed in …",
  third: "… and within a second the laptop is told: by which device, when, and what to do.",
} as const;

/**
 * In three parts of 9 s: before, the phone is signed in, soon after the laptop is told. What does not move
 * (`prefers-reduced-motion`, or a program that knows no animations) shows the last one. The ground is light
 * whatever the page's theme, as the screens are.
 */
const STYLE = `
text { font: 20px Helvetica, Arial, sans-serif; fill: #1f2937; text-anchor: middle; }
.frame { fill: none; stroke: #9ca3af; stroke-width: 2; }
.first, .second { opacity: 0; }
.first { animation: first 9s infinite; }
.second { animation: second 9s infinite; }
.third, .laptop-after { animation: third 9s infinite; }
.phone-after { animation: from-second 9s infinite; }
@keyframes first { 0%, 30% { opacity: 1; } 33%, 97% { opacity: 0; } 100% { opacity: 1; } }
@keyframes second { 0%, 30% { opacity: 0; } 33%, 40% { opacity: 1; } 43%, 100% { opacity: 0; } }
@keyframes from-second { 0%, 30% { opacity: 0; } 33%, 97% { opacity: 1; } 100% { opacity: 0; } }
@keyframes third { 0%, 40% { opacity: 0; } 43%, 97% { opacity: 1; } 100% { opacity: 0; } }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; } }
`;

/**
 * A moving picture in one file, which pages show as any picture: it asks for nothing else and runs no script.
 */
export function displacementSvg({ laptop, phone }: Screens): string {
  const captions = Object.entries(CAPTIONS).map(
    ([part, text]) => `<text class="${part}" x="${WIDTH / 2}" y="${HEIGHT - 20}">${text}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img">
<title>${TITLE}</title>
<style>${STYLE}</style>
<rect width="${WIDTH}" height="${HEIGHT}" rx="12" fill="#f3f4f6"/>
${screen(LAPTOP, laptop.before)}
${screen(LAPTOP, laptop.after, "laptop-after")}
${screen(PHONE, phone.before)}
${screen(PHONE, phone.after, "phone-after")}
${captions.join("\n")}
</svg>
`;
}

function screen({ x, y, width, height }: Place, jpeg: string, moves?: string): string {
  const place = `x="${x}" y="${y}" width="${width}" height="${height}"`;
  const group = moves === undefined ? "<g>" : `<g class="${moves}">`;
  const image = `<image href="data:image/jpeg;base64,${jpeg}" ${place}/>`;
  return `${group}${image}<rect class="frame" rx="4" ${place}/></g>`;
}
