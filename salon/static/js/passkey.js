// Passkeys: <button data-passkey="register|sign-in" data-options-url data-verify-url data-csrf data-status="#id"
//   data-cancelled data-failed data-unsupported>. Both addresses speak JSON; a good answer holds {"redirect": "/…"}.

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const toText = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withIds = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

function decode(options) {
  const made = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.excludeCredentials) made.excludeCredentials = withIds(options.excludeCredentials);
  if (options.allowCredentials) made.allowCredentials = withIds(options.allowCredentials);
  return made;
}

function encode(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment ?? null, clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function post(url, csrf, body) {
  const answer = await fetch(url, {
    method: "POST", credentials: "same-origin", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
  });
  const data = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(data.message ?? "");
  return data;
}

async function run(button) {
  const { passkey, optionsUrl, verifyUrl, csrf } = button.dataset;
  const name = document.querySelector(button.dataset.name ?? "[data-passkey-name]")?.value ?? "";
  const publicKey = decode(await post(optionsUrl, csrf, { name }));
  const credential = passkey === "register" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
  const { redirect } = await post(verifyUrl, csrf, { name, credential: encode(credential) });
  if (redirect?.startsWith("/") && !redirect.startsWith("//")) location.assign(redirect);
  else location.reload();
}

function watch(button) {
  const status = document.querySelector(button.dataset.status);
  const say = (text) => { if (status) status.textContent = text ?? ""; };
  if (!window.PublicKeyCredential) { button.hidden = true; say(button.dataset.unsupported); return; }
  button.hidden = false;
  button.addEventListener("click", () => {
    say("");
    run(button).catch((error) => say(error.name === "NotAllowedError" ? button.dataset.cancelled : error.message || button.dataset.failed));
  });
}

export function start() {
  for (const button of document.querySelectorAll("[data-passkey]")) watch(button);
}
