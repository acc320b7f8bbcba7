/** What the server lets this page's own styles in by. */
export const NONCE = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

/** Under this name the package that locks scrolling behind a dialog looks for it. */
Object.assign(globalThis, { __webpack_nonce__: NONCE });
