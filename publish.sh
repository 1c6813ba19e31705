#!/usr/bin/env bash
# From the AppHost to a folder that `kubectl apply -k` deploys. See --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

kubernetes=aspire-manifest/kubernetes
manifest=aspire-manifest/manifest.json
namespace=openclaw
# Stands for every parameter in the committed base; the overlays put the real values into Secrets.
placeholder=set-by-overlay

registry=openclaw
tag=$(sed -n 's:.*<VersionPrefix[^>]*>\(.*\)</VersionPrefix>.*:\1:p' eng/Container.props)
overlay=production
aspirate=auto
images=none
base_image=
runtime=
make_manifest=yes

usage() {
  cat <<TEXT
Usage: ./publish.sh [options]

Writes $manifest and $kubernetes/base from the AppHost, makes the
overlay's secret files where they are missing, and says in its last line how to deploy, or what is
missing before. Running it again with the same options changes nothing that has not changed in the
AppHost.

  --registry NAME      prefix of the images, such as registry.example.com/team (default: $registry)
  --tag TAG            tag of the images (default: $tag); 'latest' is refused
  --images WHAT        none (default), local: into the local Docker or podman, push: to the registry, and
                       the overlays name the images by digest
  --base-image IMAGE   base of the images (default: the chiseled ASP.NET image, see eng/Container.props)
  --runtime RID        such as linux-arm64 (default: this machine's)
  --overlay NAME       production (default), managed-redis or local
  --aspirate WHICH     auto (default): aspirate where the package feed has it, else eng/aspirate-offline;
                       nuget or offline forces one
  --skip-manifest      take $manifest as it is instead of running the AppHost
  --help               this text
TEXT
}

fail() {
  echo "publish.sh: $*" >&2
  exit 1
}

# Temporary files, deleted at exit.
unfinished=()
trap '[ ${#unfinished[@]} -eq 0 ] || rm -rf "${unfinished[@]}"' EXIT

while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --skip-manifest) make_manifest=no; shift; continue ;;
    --registry | --tag | --images | --base-image | --runtime | --overlay | --aspirate)
      [ $# -ge 2 ] && [ -n "$2" ] || fail "$1 needs a value, see --help" ;;
    *) fail "unknown option '$1', see --help" ;;
  esac
  case $1 in
    --registry) registry=${2%/} ;;
    --tag) tag=$2 ;;
    --images) images=$2 ;;
    --base-image) base_image=$2 ;;
    --runtime) runtime=$2 ;;
    --overlay) overlay=$2 ;;
    --aspirate) aspirate=$2 ;;
  esac
  shift 2
done

[ -n "$tag" ] || fail "eng/Container.props has no VersionPrefix: give --tag"
[ "$tag" != latest ] || fail "--tag latest names no particular image: give a version"
# A tag and a name of an image, as registries take them.
tag_pattern='^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$'
name_pattern='^[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._-]+)*$'
[[ $tag =~ $tag_pattern ]] ||
  fail "--tag must be letters, digits, dots, dashes and underscores, such as 1.0.0, not '$tag'"
[[ $registry =~ $name_pattern ]] ||
  fail "--registry must begin an image's name, such as registry.example.com/team, without a scheme and in lower case, not '$registry'"
case $overlay in
  production | managed-redis | local) ;;
  *) fail "--overlay must be production, managed-redis or local, not '$overlay'" ;;
esac
case $images in none | local | push) ;; *) fail "--images must be none, local or push, not '$images'" ;; esac
case $aspirate in auto | nuget | offline) ;; *) fail "--aspirate must be auto, nuget or offline, not '$aspirate'" ;; esac
[ "$images" != none ] || [ -z "$base_image$runtime" ] ||
  fail "--base-image and --runtime are for the images: give --images local or push as well"
command -v dotnet >/dev/null || fail "the .NET 10 SDK is needed: no 'dotnet' on the PATH"
case ${registry%%/*} in
  *.* | *:* | localhost) registry_host=${registry%%/*} ;;
  *) registry_host= ;;
esac
if [ "$images" = push ] && [ -z "$registry_host" ]; then
  fail "--images push needs a registry with a host, such as --registry registry.example.com/team"
fi

# --- the manifest -------------------------------------------------------------------------------

write_manifest() {
  echo "manifest: running the AppHost"
  local fresh log
  # Aspire takes a path without .json for a folder.
  fresh=aspire-manifest/.manifest.$$.json
  unfinished+=("$fresh")
  log=$(mktemp)
  unfinished+=("$log")
  # Beside the real one, because the project paths in it are relative to its folder.
  # The services need not be built: a manifest has their names and endpoints.
  if ! dotnet run --project OpenClaw.AppHost --no-launch-profile -p:BuildProjectReferences=false -- \
    --publisher manifest --output-path "$PWD/$fresh" >"$log" 2>&1 || [ ! -s "$fresh" ]; then
    tail -n 20 "$log" >&2
    fail "the AppHost wrote no manifest; its output is above. --skip-manifest takes the committed one."
  fi
  chmod 644 "$fresh"
  mv "$fresh" "$manifest"
}

# --- aspirate -----------------------------------------------------------------------------------

# Which one to use, in one word; says why in one line. "Not there" and "could not ask" are different answers.
choose_aspirate() {
  local answer
  if [ "$aspirate" = offline ]; then
    echo "aspirate: eng/aspirate-offline, as asked" >&2
    echo offline
    return
  fi
  if answer=$(DOTNET_CLI_UI_LANGUAGE=en dotnet tool restore --tool-manifest .config/dotnet-tools.json 2>&1); then
    echo "aspirate: the tool of .config/dotnet-tools.json" >&2
    echo nuget
  elif [ "$aspirate" = auto ] && grep -q 'is not found in NuGet feeds' <<<"$answer"; then
    echo "aspirate: eng/aspirate-offline, because the package feed has no aspirate" >&2
    echo offline
  else
    echo "$answer" >&2
    fail "aspirate could not be restored (above). Without network, --aspirate offline uses eng/aspirate-offline instead."
  fi
}

# The parameters of the manifest, one name per line: keys of "resources" whose type is parameter.v0.
parameters() {
  awk -F'"' '/^    "[^"]+": \{/ { name = $2 } /^      "type": "parameter.v0"/ { print name }' "$manifest"
}

# The projects of the manifest: NAME PROJECTFILE, one per line.
projects() {
  awk -F'"' '/^    "[^"]+": \{/ { name = $2 } /^      "type": "project.v[01]"/ { project = name }
    /^      "path": / && project == name { sub(/^\.\.\//, "", $4); print name, $4 }' "$manifest"
}

# Services that are components of the Kubernetes files and no part of the manifest.
components() {
  echo "console OpenClaw.Console/OpenClaw.Console.csproj"
  echo "notifier OpenClaw.Notifier/OpenClaw.Notifier.csproj"
}

write_base() {
  local which out options name config=${XDG_CONFIG_HOME:-${HOME:+$HOME/.config}}
  which=$(choose_aspirate)
  # aspirate keeps its settings there; without it, it leaves a folder Aspirate where it runs.
  if [ -z "$config" ]; then
    config=$(mktemp -d)
    unfinished+=("$config")
    export XDG_CONFIG_HOME=$config
  fi
  mkdir -p "$config"
  out=$(mktemp -d "$kubernetes/.base.XXXXXX")
  unfinished+=("$out")
  options=(generate --non-interactive --disable-state --disable-secrets --skip-build
    --aspire-manifest manifest.json --output-format kustomize --output-path "$PWD/$out" --namespace "$namespace"
    --image-pull-policy IfNotPresent --include-dashboard false --container-registry "$registry" --container-image-tag "$tag")
  for name in $(parameters); do
    options+=(--parameter "$name=$placeholder")
  done
  # Project paths in the manifest resolve against the current folder, so both run beside it.
  if (
    cd aspire-manifest
    if [ "$which" = nuget ]; then
      dotnet aspirate settings update-checks disable >/dev/null
      dotnet aspirate "${options[@]}" >&2
    else
      dotnet run --project ../eng/aspirate-offline --verbosity quiet -- "${options[@]}" >&2
    fi
  ) && [ -f "$out/kustomization.yaml" ]; then
    chmod 755 "$out"
    rm -rf "$kubernetes/base"
    mv "$out" "$kubernetes/base"
    echo "base: $kubernetes/base"
  else
    fail "no base was written; the old one is as it was"
  fi
}

# --- secrets ------------------------------------------------------------------------------------

random() { head -c 512 /dev/urandom | base64 | tr -d '\n+/=' | cut -c "1-$1"; }

# Comments may keep the placeholders of the examples.
refuse_placeholders() {
  ! grep -q '^[^#]*CHANGE-ME' "$@" || fail "$(grep -l '^[^#]*CHANGE-ME' "$@" | tr '\n' ' ')still says CHANGE-ME: put your values there"
}

value() { sed -n "s/^$2=//p" "$1" | tail -n 1; }

# Makes FILE from its example: the passwords of Redis from redis.env, the admin key from edge.env, random values for the rest.
make_secret() {
  local file=$1 folder line name user
  folder=$(dirname "$file")
  unfinished+=("$file.$$")
  (
    umask 077
    while IFS= read -r line; do
      name=${line%%=*}
      case $line in
        '#'* | '') continue ;;
        *,user=*CHANGE-ME*)
          user=${line#*,user=}
          user=$(tr '[:lower:]' '[:upper:]' <<<"${user%%,*}")
          line=${line/CHANGE-ME/"$(value "$folder/redis.env" "REDIS_${user}_PASSWORD")"}
          ;;
        *AdminKey=CHANGE-ME) line=$name=$(value "$folder/edge.env" OpenClaw__Edge__Admin__Key) ;;
        REDIS_*=CHANGE-ME) line=$name=$(random 32) ;;
        *) line=${line/CHANGE-ME/"$(random 48)"} ;;
      esac
      printf '%s\n' "$line"
    done <"$file.example" >"$file.$$"
  )
  mv "$file.$$" "$file"
}

# The secret files that the overlay's kustomization names; those first that others take passwords from.
secret_files() {
  local folder=$kubernetes/$overlay
  [ "$overlay" != local ] || folder=$kubernetes/production
  sed -n "s:^ *- \(secrets/.*\.env\)$:$folder/\1:p" "$folder/kustomization.yaml" |
    awk '{ print (/redis.env$/ ? 0 : /edge.env$/ ? 1 : 2), $0 }' | sort -n | cut -d ' ' -f 2
}

# The secrets of managed-redis contain the provider's password and are written by hand. redis.env and edge.env belong together: a new one
# beside an old one would have another password, or another pepper, under which no stored key is known.
write_secrets() {
  local file folder=$kubernetes/production/secrets made=() kept=()
  if [ "$overlay" != managed-redis ] && { [ -f "$folder/redis.env" ] || [ -f "$folder/edge.env" ]; } &&
    ! { [ -f "$folder/redis.env" ] && [ -f "$folder/edge.env" ]; }; then
    fail "only one of redis.env and edge.env is in $folder; the password must be the same in both, so make the other by hand from" \
      "its example"
  fi
  for file in $(secret_files); do
    if [ -f "$file" ]; then
      refuse_placeholders "$file"
      kept+=("$file")
    elif [ "$overlay" != managed-redis ]; then
      make_secret "$file"
      made+=("$file")
    fi
  done
  [ ${#kept[@]} -eq 0 ] || echo "secrets: ${kept[*]}, as they are"
  [ ${#made[@]} -eq 0 ] || echo "secrets: made ${made[*]} with random values; git ignores them, keep them safe"
}

# --- images -------------------------------------------------------------------------------------

digests=()

write_images() {
  local name project options digest path
  [ "$images" != none ] || return 0
  while read -r name project; do
    options=(-t:PublishContainer -p:ContainerImageTag="$tag" -p:SourceRevisionId="$(git rev-parse HEAD 2>/dev/null || true)")
    if [ "$images" = push ]; then
      path=${registry#"$registry_host"}
      path=${path#/}
      options+=(-p:ContainerRegistry="$registry_host" -p:ContainerRepository="${path:+$path/}$name"
        -getProperty:GeneratedContainerDigest)
    else
      options+=(-p:ContainerRepository="$registry/$name")
    fi
    [ -z "$base_image" ] || options+=(-p:ContainerBaseImage="$base_image")
    [ -z "$runtime" ] || options+=(-p:ContainerRuntimeIdentifier="$runtime")
    echo "image: $registry/$name:$tag ($images)"
    digest=$(dotnet publish "$project" -c Release -v q --nologo "${options[@]}" </dev/null) || {
      echo "$digest" >&2
      fail "$registry/$name:$tag was not built. Without Docker, podman or a reachable base image see docs/how-to/deploy-to-kubernetes.md."
    }
    [[ ! $digest =~ sha256:[0-9a-f]{64} ]] || digests+=("$name ${BASH_REMATCH[0]}")
  done < <(projects; components)
}

# --- what differs from release to release ---------------------------------------------------------

# Version, names and digests of the images. Digests of an earlier push of the same images stay.
write_release() {
  local file=$kubernetes/release/kustomization.yaml name digest
  mkdir -p "$kubernetes/release"
  unfinished+=("$file.$$")
  {
    cat <<TEXT
# Written by ./publish.sh: the version, the images of the components, and digests of the images that it pushed.
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
- target:
    labelSelector: app.kubernetes.io/name!=redis
  patch: |-
    apiVersion: any
    kind: any
    metadata:
      name: any
      labels:
        app.kubernetes.io/version: "$tag"
- target:
    kind: Deployment|StatefulSet
    name: edge|rating-api|console|notifier
  patch: |-
    - op: add
      path: /spec/template/metadata/labels/app.kubernetes.io~1version
      value: "$tag"
images:
TEXT
    # aspirate gives the base its registry and tag; the components' images have neither.
    { projects | sed 's:^:base :'; components | sed 's:^:component :'; } | while read -r where name _; do
      digest=$(digest "$name" "$file")
      [ "$where" = component ] || [ -n "$digest" ] || continue
      if [ "$where" = base ]; then echo "- name: $registry/$name"; else echo "- name: openclaw/$name"; fi
      echo "  newName: $registry/$name"
      echo "  newTag: \"$tag\""
      [ -z "$digest" ] || echo "  digest: $digest"
    done
  } >"$file.$$"
  mv "$file.$$" "$file"
}

# Digest of the image NAME: of this run's push, or what FILE has for the same registry and tag.
digest() {
  local entry
  for entry in ${digests[@]+"${digests[@]}"}; do
    [ "${entry% *}" != "$1" ] || echo "${entry#* }"
  done
  [ "$images" != none ] || [ ! -f "$2" ] || grep -FA 2 "  newName: $registry/$1" "$2" | awk -v tag="\"$tag\"" '
    $1 == "newTag:" { same = $2 == tag } $1 == "digest:" && same { print $2 }' || true
}

# The rules of deploy/prometheus as the Prometheus operator takes them.
write_prometheus_rules() {
  local file=$kubernetes/components/prometheus-operator/rules.yaml rules
  unfinished+=("$file.$$")
  {
    cat <<TEXT
# Written by ./publish.sh from deploy/prometheus/*.rules.yml.
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: openclaw
  labels:
    app.kubernetes.io/name: openclaw
    app.kubernetes.io/component: monitoring
spec:
  groups:
TEXT
    for rules in deploy/prometheus/*.rules.yml; do
      sed '1,/^groups:/d; s/^./  &/' "$rules"
    done
  } >"$file.$$"
  mv "$file.$$" "$file"
}

# --- the last line --------------------------------------------------------------------------------

# An option of a connection string.
option() { sed -n "s/.*,$2=\([^,]*\).*/\1/p" <<<"$1"; }

# What keeps the overlay from running, one per line.
missing() {
  local file uses_tls redis user password key
  if [ -z "$registry_host" ] && [ "$overlay" != local ]; then
    echo "the images have no registry that a cluster pulls from (./publish.sh --registry registry.example.com/team --images push)"
  fi
  uses_tls=$(grep -c '^- ../components/redis-tls$' "$kubernetes/${overlay/local/production}/kustomization.yaml" || true)
  for file in $(secret_files); do
    if [ ! -f "$file" ]; then
      echo "$file is missing (copy $file.example and put your values in)"
    elif [ "${file##*/}" = redis.env ]; then
      sed -n 's/^\([A-Z_]*\)=.*/\1/p' "$file.example" | while read -r name; do
        [ -n "$(value "$file" "$name")" ] || echo "$file has no $name (see $file.example)"
      done
    elif grep -q '^ConnectionStrings__redis=.*,user=' "$file.example" && [ "$overlay" != managed-redis ]; then
      redis=$(value "$file" ConnectionStrings__redis)
      user=$(option "$redis" user | tr '[:lower:]' '[:upper:]')
      password=$(option "$redis" password)
      if [ -z "$user" ]; then
        echo "the connection string in $file names no user (see $file.example)"
      elif [ -n "$password" ] && [ "$password" != "$(value "${file%/*}/redis.env" "REDIS_${user}_PASSWORD")" ]; then
        echo "the password in $file is not REDIS_${user}_PASSWORD of redis.env"
      fi
      [ "$uses_tls" = 0 ] || grep -q '^ConnectionStrings__redis=.*,ssl=true' "$file" ||
        echo "the connection string in $file lacks ssl=true, which components/redis-tls needs"
    elif [ "${file##*/}" = console.env ]; then
      key=$(value "$file" OpenClaw__Console__AdminKey)
      if [ -z "$key" ]; then
        echo "$file has no OpenClaw__Console__AdminKey, without which the console does not start (without an admin API leave it out)"
      elif [ "$key" != "$(value "${file%/*}/edge.env" OpenClaw__Edge__Admin__Key)" ]; then
        echo "OpenClaw__Console__AdminKey in $file is not OpenClaw__Edge__Admin__Key of edge.env"
      fi
    elif [ "$overlay" = managed-redis ] && grep -q '^ConnectionStrings__redis=redis:6379,' "$file"; then
      echo "the connection string in $file still names the Redis of production"
    fi
  done
}

# Renders the overlay, where kubectl is there to do it, and prints those images of others that have no digest.
unpinned() {
  local objects own
  command -v kubectl >/dev/null || return 0
  objects=$(kubectl kustomize "$kubernetes/$overlay") || fail "kubectl kustomize $kubernetes/$overlay failed, as it says above"
  own=$({ projects; components; } | cut -d ' ' -f 1 | paste -sd '|' -)
  sed -n 's/^ *image: //p' <<<"$objects" | grep -vE "@|/($own):" | sort -u || true
}

last_line() {
  local lacks image unpinned notes=
  lacks=$(missing)
  if [ -n "$lacks" ]; then
    echo "not ready: ${lacks//$'\n'/; }"
    return
  fi
  unpinned=$(unpinned)
  if [ -z "$registry_host" ]; then
    notes="; the cluster needs the images $registry/*:$tag before: docs/how-to/deploy-to-kubernetes.md#try-it-on-one-machine"
  elif ! grep -q '^  digest: ' "$kubernetes/release/kustomization.yaml"; then
    notes="; $registry needs the images with the tag $tag before: --images push"
  fi
  if [ "$overlay" != local ] && ! grep -Eq '^- \.\./components/(gateway|ingress)$' "$kubernetes/$overlay/kustomization.yaml"; then
    notes+="; nothing outside the cluster reaches the edge yet: components/gateway or components/ingress"
  fi
  for image in $unpinned; do
    notes+="; $image has no digest: docs/how-to/operate.md#upgrade-redis"
  done
  echo "deploy: kubectl apply -f $kubernetes/namespace.yaml && kubectl apply -k $kubernetes/$overlay${notes:+  # ${notes#; }}"
}

[ "$make_manifest" = no ] || write_manifest
[ -f "$manifest" ] || fail "no $manifest: run without --skip-manifest"
write_base
write_secrets
write_images
write_release
write_prometheus_rules
last_line
