// Passkeys need a script: show their buttons where there is one, and say so when the device did not answer.
// The ceremony itself is allauth's (mfa/js/webauthn.js).
(() => {
  "use strict";
  for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = !window.PublicKeyCredential;
  document.addEventListener("allauth.error", (event) => {
    const note = document.getElementById("passkey-fault");
    if (!note) return;
    event.preventDefault();
    note.hidden = false;
    note.focus();
  });
})();
