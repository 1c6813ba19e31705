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
overlay's secret files where they are missing, and says how to deploy. Running it again with
the same options changes nothing that has not changed in the AppHost.

  --registry NAME      prefix of the images, such as registry.example.com/team (default: $registry)
  --tag TAG            tag of the images (default: $tag); 'latest' is refused
  --images WHAT        none (default), local: into the local Docker or podman, push: to the registry
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

# Files under way; whatever is left of them goes when the script does.
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
[[ $tag =~ $tag_pattern ]] || fail "--tag must be letters, digits, dots, dashes and underscores, such as 1.0.0, not '$tag'"
[[ $registry =~ $name_pattern ]] || fail "--registry must begin an image's name, such as registry.example.com/team, without a scheme and in lower case, not '$registry'"
case $overlay in production | managed-redis | local) ;; *) fail "--overlay must be production, managed-redis or local, not '$overlay'" ;; esac
case $images in none | local | push) ;; *) fail "--images must be none, local or push, not '$images'" ;; esac
case $aspirate in auto | nuget | offline) ;; *) fail "--aspirate must be auto, nuget or offline, not '$aspirate'" ;; esac
[ "$images" != none ] || [ -z "$base_image$runtime" ] || fail "--base-image and --runtime are for the images: give --images local or push as well"
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
  if ! dotnet run --project OpenClaw.AppHost --no-launch-profile -- --publisher manifest --output-path "$PWD/$fresh" >"$log" 2>&1 || [ ! -s "$fresh" ]; then
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

write_base() {
  local which out options name
  which=$(choose_aspirate)
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

# Placeholders of the examples in what a person filled in; comments may keep theirs.
complete() {
  ! grep -q '^[^#]*CHANGE-ME' "$@" || fail "$(grep -l '^[^#]*CHANGE-ME' "$@" | tr '\n' ' ')still says CHANGE-ME: put your values there"
}

# One password in two files: Redis gets it as it is, the edge as part of its connection string.
write_secrets() {
  local folder=$kubernetes/production/secrets password
  if [ "$overlay" = managed-redis ]; then
    folder=$kubernetes/managed-redis/secrets
    if [ -f "$folder/edge.env" ]; then
      complete "$folder/edge.env"
      echo "secrets: $folder/edge.env, as it is"
    else
      echo "secrets: copy $folder/edge.env.example to edge.env and put your Redis into it"
    fi
    return
  fi
  if [ -f "$folder/redis.env" ] && [ -f "$folder/edge.env" ]; then
    complete "$folder/redis.env" "$folder/edge.env"
    echo "secrets: $folder/*.env, as they are"
    return
  fi
  [ ! -f "$folder/redis.env" ] && [ ! -f "$folder/edge.env" ] ||
    fail "only one of redis.env and edge.env is in $folder; the password must be the same in both, so make the other by hand from its example"
  password=$(random 32)
  (
    umask 077
    echo "REDIS_PASSWORD=$password" >"$folder/redis.env"
    cat >"$folder/edge.env" <<TEXT
ConnectionStrings__redis=redis:6379,password=$password,abortConnect=false
OpenClaw__Edge__ApiKeys__Pepper=$(random 48)
OpenClaw__Edge__Admin__Key=$(random 48)
TEXT
  )
  echo "secrets: made $folder/redis.env and edge.env with random values; git ignores them, keep them safe"
}

# --- images -------------------------------------------------------------------------------------

write_images() {
  local project name options
  [ "$images" != none ] || return 0
  for project in OpenClaw.Edge OpenClaw.RatingApi; do
    name=edge
    [ "$project" = OpenClaw.Edge ] || name=rating-api
    options=(-t:PublishContainer -p:ContainerImageTag="$tag" -p:SourceRevisionId="$(git rev-parse HEAD 2>/dev/null || true)")
    if [ "$images" = push ]; then
      local path=${registry#"$registry_host"}
      path=${path#/}
      options+=(-p:ContainerRegistry="$registry_host" -p:ContainerRepository="${path:+$path/}$name")
    else
      options+=(-p:ContainerRepository="$registry/$name")
    fi
    [ -z "$base_image" ] || options+=(-p:ContainerBaseImage="$base_image")
    [ -z "$runtime" ] || options+=(-p:ContainerRuntimeIdentifier="$runtime")
    echo "image: $registry/$name:$tag ($images)"
    dotnet publish "$project/$project.csproj" -c Release -v q --nologo "${options[@]}" ||
      fail "$registry/$name:$tag was not built. Without Docker, podman or a reachable base image see docs/how-to/deploy-to-kubernetes.md."
  done
}

[ "$make_manifest" = no ] || write_manifest
[ -f "$manifest" ] || fail "no $manifest: run without --skip-manifest"
write_base
write_secrets
write_images

if command -v kubectl >/dev/null && { [ "$overlay" != managed-redis ] || [ -f "$kubernetes/managed-redis/secrets/edge.env" ]; }; then
  kubectl kustomize "$kubernetes/$overlay" >/dev/null || fail "kubectl kustomize $kubernetes/$overlay failed"
fi
if [ -z "$registry_host" ] && [ "$overlay" != local ]; then
  echo "warning: the images are $registry/edge:$tag and $registry/rating-api:$tag, which a cluster looks for on its default registry; name yours with --registry registry.example.com/team" >&2
fi
echo "deploy: kubectl apply -k $kubernetes/$overlay"
