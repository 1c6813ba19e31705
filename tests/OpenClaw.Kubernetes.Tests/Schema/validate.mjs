// Validates rendered manifests against the Kubernetes OpenAPI schemas: types, required fields, formats. Standard input is a JSON object
// {name: yaml}, standard output one {name: [error, …]}, an error being "kind name: message". Unknown fields are the strict C# loader's
// part.
import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';

// The package that knows an API group that is no part of Kubernetes.
const extensions = {
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};

async function errorsOf(document) {
  const { apiVersion, kind, metadata } = document;
  const label = `${kind} ${metadata?.name}`;
  if (kind === 'Secret') {
    // kustomize breaks long values over lines, which the API server's base64 reader skips and this schema's does not.
    for (const key in document.data ?? {}) document.data[key] = String(document.data[key]).replaceAll(/\s/g, '');
  }
  let group;
  try {
    group = await import(`${extensions[apiVersion.split('/')[0]] ?? 'kubernetes-models'}/${apiVersion}`);
  } catch {
    return [`${label}: unknown apiVersion ${apiVersion}`];
  }
  if (!group[kind]) return [`${label}: no kind ${kind} in ${apiVersion}`];
  try {
    new group[kind](document).validate();
    return [];
  } catch (error) {
    return (error.errors ?? [{ message: error.message }]).map((e) => `${label}: ${e.instancePath || '/'} ${e.message}`);
  }
}

const answer = {};
for (const [name, text] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
  answer[name] = [];
  for (const document of yaml.loadAll(text).filter(Boolean)) answer[name].push(...(await errorsOf(document)));
}
console.log(JSON.stringify(answer));
