/**
 * Before the scripts of a stack's own page in a device's frame: such a page may take the focus only where its
 * frame has it already. Elsewhere it would take it from the lab's page, and scroll that page to the device,
 * while somebody presses a button there. Browsers will have a policy for it, `focus-without-user-activation`.
 */
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with its element below
const { focus } = HTMLElement.prototype;
HTMLElement.prototype.focus = function (this: HTMLElement, options?: FocusOptions) {
  if (document.hasFocus()) focus.call(this, options);
};
