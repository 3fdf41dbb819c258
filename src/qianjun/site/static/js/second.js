// A security key: what the server asks, in the form that browsers take, and its answer as text.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function asked(kind) {
  const told = JSON.parse(document.getElementById("key-asked").textContent);
  const { publicKey } = kind === "create" ? told.creation_options : told.request_options;
  const filled = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (kind === "create") {
    filled.user = { ...publicKey.user, id: bytes(publicKey.user.id) };
    filled.excludeCredentials = known(publicKey.excludeCredentials);
  } else {
    filled.allowCredentials = known(publicKey.allowCredentials);
  }
  return { publicKey: filled };
}

function answered(credential) {
  const said = credential.response;
  const response = { clientDataJSON: text(said.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (said[name]) response[name] = text(said[name]);
  }
  if (said.getTransports) response.transports = said.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

for (const form of document.querySelectorAll("[data-key]")) {
  form.querySelector("button[type=button]").addEventListener("click", async () => {
    const fault = form.querySelector(".fault");
    fault.hidden = true;
    try {
      const credential = await navigator.credentials[form.dataset.key](asked(form.dataset.key));
      form.elements.credential.value = JSON.stringify(answered(credential));
      form.submit();
    } catch {
      fault.textContent = form.dataset.fault;
      fault.hidden = false;
    }
  });
}
