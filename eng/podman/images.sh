#!/usr/bin/env bash
# Builds the images of the services, and a Redis one, without any registry: on a base made of Debian packages and this machine's .NET
# runtime. The services' images are the last stages of their own Dockerfiles, over a publish made here. Prints the images' names.
# CONFIGURATION=Debug reuses what a debug build left behind; NO_BUILD=true builds nothing at all.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
command -v apt-get >/dev/null || unable "Debian or Ubuntu is needed: the base image is made of their packages"
command -v dpkg-deb >/dev/null || unable "dpkg-deb is needed"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What .NET needs and nothing else: no shell, no package manager, as in the chiseled images.
runtime_packages="base-files ca-certificates libc6 libgcc-s1 libssl3 libstdc++6 tzdata zlib1g"
# redis-server with its libraries, and the shell and tools of the official image that the scripts of components/redis use.
redis_packages="base-files coreutils dash libacl1 libatomic1 libattr1 libc6 libcap2 libgcc-s1 libgcrypt20 libgmp10 libgpg-error0"
redis_packages+=" libjemalloc2 liblz4-1 liblzf1 liblzma5 libpcre2-8-0 libselinux1 libssl3 libstdc++6 libsystemd0 libzstd1 redis-server"
redis_packages+=" redis-tools"

# unpack FOLDER PACKAGES: Debian packages into a root file system.
unpack() {
  local target=$1 package known names=()
  shift
  mkdir -p "$target/tmp" "$target/app" "$work/packages"
  # Packages carry the release in their names: trixie's libssl is libssl3t64.
  known=$(apt-cache show "$@" 2>/dev/null | sed -n 's/^Package: //p')
  for package in "$@"; do
    grep -qx "$package" <<<"$known" || package=${package}t64
    names+=("$package")
  done
  (cd "$work/packages" && apt-get download -q "${names[@]}" >/dev/null 2>&1) ||
    unable "apt-get download ${names[*]} failed: run apt-get update first"
  for package in "${names[@]}"; do
    dpkg-deb -x "$work/packages/${package}_"*.deb "$target"
  done
  chmod 1777 "$target/tmp"
}

# image NAME ROOT: a root file system as an image; further Containerfile lines on standard input.
image() {
  tar -C "$2" --numeric-owner -cf "$work/root.tar" .
  { echo "FROM scratch"; echo "ADD root.tar /"; cat; } >"$work/Containerfile"
  podman build -q -f "$work/Containerfile" -t "$1" "$work" >/dev/null
  rm -rf "$2" "$work/root.tar"
}

# The program on the PATH may be a script or a link; the runtime says where it is: NAME VERSION [FOLDER].
read -r _ runtime dotnet_root < <(dotnet --list-runtimes | grep '^Microsoft.AspNetCore.App 10\.' | sort -V | tail -n 1)
dotnet_root=${dotnet_root#[}
dotnet_root=${dotnet_root%/shared/*}
[ -d "$dotnet_root/shared/Microsoft.NETCore.App/$runtime" ] || fail "no .NET runtime $runtime beside the ASP.NET one in $dotnet_root"
# Another recipe is another image.
recipe=$(sha256sum "$here/images.sh" | cut -c 1-12)
base=localhost/openclaw/aspnet:$runtime-$recipe
redis=localhost/openclaw/redis:$recipe

# aspnet: shaped like the chiseled image, so that the Dockerfiles' last stage fits both.
if ! podman image exists "$base"; then
  unpack "$work/aspnet" $runtime_packages
  # What the package's own script does when it is installed.
  cat "$work"/aspnet/usr/share/ca-certificates/*/*.crt >"$work/aspnet/etc/ssl/certs/ca-certificates.crt"
  copy=$work/aspnet/usr/share/dotnet
  for part in host/fxr shared/Microsoft.NETCore.App shared/Microsoft.AspNetCore.App; do
    mkdir -p "$copy/$part"
    cp -r "$dotnet_root/$part/$runtime" "$copy/$part/"
  done
  cp "$dotnet_root/dotnet" "$copy/"
  mkdir -p "$work/aspnet/usr/bin"
  ln -sf ../share/dotnet/dotnet "$work/aspnet/usr/bin/dotnet"
  echo "root:x:0:0:root:/root:/sbin/nologin
app:x:1654:1654::/home/app:/sbin/nologin" >"$work/aspnet/etc/passwd"
  image "$base" "$work/aspnet" <<'EOF'
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_RUNNING_IN_CONTAINER=true DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true
USER 1654
EOF
fi

# redis: user and data folder as in the official image.
if ! podman image exists "$redis"; then
  unpack "$work/redis" $redis_packages
  mkdir -p "$work/redis/data"
  chown 999:999 "$work/redis/data" 2>/dev/null || unable "making the Redis image needs root, or run inside 'podman unshare'"
  echo "redis:x:999:999::/data:/sbin/nologin" >"$work/redis/etc/passwd"
  image "$redis" "$work/redis" <<'EOF'
USER 999
WORKDIR /data
EXPOSE 6379
EOF
fi

echo "redis=$redis" >"$work/list"
for service in rating-api:OpenClaw.RatingApi edge:OpenClaw.Edge console:OpenClaw.Console notifier:OpenClaw.Notifier; do
  name=${service%%:*} project=${service#*:}
  dotnet publish "$root/$project/$project.csproj" -c "${CONFIGURATION:-Release}" ${NO_BUILD:+--no-build} -v q --nologo \
    -o "$work/publish/$name/app" >&2
  # The build stage is replaced by the publish above; the rest of the Dockerfile is built as it is.
  podman build -q -f "$root/$project/Dockerfile" --build-context build="$work/publish/$name" \
    --build-arg BASE_IMAGE="$base" --build-arg SDK_IMAGE="$base" \
    --build-arg REVISION="$(git -C "$root" rev-parse HEAD 2>/dev/null || true)" -t "localhost/openclaw/$name:local" "$root" >/dev/null
  echo "$name=localhost/openclaw/$name:local" >>"$work/list"
done
# Those that these have replaced.
podman image prune -f --filter label=org.opencontainers.image.vendor=OpenClaw >/dev/null || true
cp "$work/list" "$cache/images.list"
cat "$cache/images.list"
