import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { h } from "vue";
import movingPicture from "../../pictures/displaced.svg";
import "./style.css";

const PICTURE_TEXT = "A phone signs in, and the laptop is told that it was signed out";

export default {
  extends: DefaultTheme,
  Layout: () =>
    h(DefaultTheme.Layout, null, {
      "home-hero-after": () => h("img", { class: "moving-picture", src: movingPicture, alt: PICTURE_TEXT }),
    }),
} satisfies Theme;
