# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What has to be installed; sourced by deps.sh.
#
#   set     run: for users; test: for this project's own tests in addition; fresh: for `make test.fresh`; bench: what
#           `make bench` compares with; cross: what test/cross builds for AArch64 with
#   check   that it is there: cmd=PROGRAM[|PROGRAM...] in PATH, pc=MODULE of pkg-config, and others: see have() in deps.sh
#   then    the package's name for each manager, "-" where another package brings it or there is none
#
# Unverified: the names for dnf, pacman, zypper and apk were looked up, not tried. On Alpine gperftools is in the
# testing repository.
deps_table() {
	cat <<'EOF_TABLE'
set   check                     apt                     dnf                  pacman      zypper               apk
run   cmd=gcc                   gcc                     gcc                  gcc         gcc                  gcc
run   pc=zlib                   zlib1g-dev              zlib-devel           zlib        zlib-devel           zlib-dev
run   pc=libzstd                libzstd-dev             libzstd-devel        zstd        libzstd-devel        zstd-dev
run   header=stdlib.h           libc6-dev               glibc-devel          glibc       glibc-devel          musl-dev
run   cmd=make                  make                    make                 make        make                 make
run   cmd=pkg-config            pkg-config              pkgconf-pkg-config   pkgconf     pkgconf-pkg-config   pkgconf
run   cmd=nm                    binutils                binutils             binutils    binutils             binutils
run   pc=cmocka                 libcmocka-dev           libcmocka-devel      cmocka      libcmocka-devel      cmocka-dev
run   pc=libprofiler            libgoogle-perftools-dev gperftools-devel     gperftools  gperftools-devel     gperftools-dev
run   pc=libdw                  libdw-dev               elfutils-devel       elfutils    libdw-devel          elfutils-dev
run   pc=libelf                 libelf-dev              elfutils-libelf-devel libelf     libelf-devel         elfutils-dev
run   pc=libprotobuf-c          libprotobuf-c-dev       protobuf-c-devel     protobuf-c  libprotobuf-c-devel  protobuf-c-dev
run   cmd=protoc-c              protobuf-c-compiler     protobuf-c-compiler  protobuf-c  protobuf-c           protobuf-c-compiler
run   cmd=protoc                protobuf-compiler       protobuf-compiler    protobuf    protobuf-devel       protoc
run   pc=jansson                libjansson-dev          jansson-devel        jansson     libjansson-devel     jansson-dev
run   pc=libmicrohttpd          libmicrohttpd-dev       libmicrohttpd-devel  libmicrohttpd libmicrohttpd-devel libmicrohttpd-dev
run   pc=libcurl                libcurl4-openssl-dev    libcurl-devel        curl        libcurl-devel        curl-dev
run   cmd=dot                   graphviz                graphviz             graphviz    graphviz             graphviz
run   pprof                     golang-1.23-go          golang               go          go                   go
test  cmd=git                   git                     git                  git         git                  git
test  cmd=g++                   g++                     gcc-c++              gcc         gcc-c++              g++
test  cmd=clang                 clang                   clang                clang       clang                clang
test  cmd=ld.lld                lld                     lld                  lld         lld                  lld
test  rt=clang                  libclang-rt-dev         compiler-rt          compiler-rt clang                compiler-rt
test  cmd=llvm-symbolizer       llvm                    llvm                 llvm        llvm                 llvm
test  dbg=libc                  libc6-dbg               -                    -           -                    musl-dbg
test  cmd=clang-format          clang-format            clang-tools-extra    clang       clang-tools          clang-extra-tools
test  cmd=clang-tidy            clang-tidy              clang-tools-extra    clang       clang-tools          clang-extra-tools
test  cmd=cppcheck              cppcheck                cppcheck             cppcheck    cppcheck             cppcheck
test  cmd=shellcheck            shellcheck              ShellCheck           shellcheck  ShellCheck           shellcheck
test  cmd=bats                  bats                    bats                 bats        bats                 bats
test  cmd=chromium|chromium-browser chromium            chromium             chromium    chromium             chromium
test  cmd=node                  nodejs                  nodejs               nodejs      nodejs-default       nodejs
test  cmd=npm                   npm                     nodejs-npm           npm         npm-default          npm
test  cmd=curl                  curl                    curl                 curl        curl                 curl
test  cmd=jq                    jq                      jq                   jq          jq                   jq
test  cmd=time                  time                    time                 time        time                 time
test  cmd=hyperfine             hyperfine               hyperfine            hyperfine   hyperfine            hyperfine
test  header=jemalloc/jemalloc.h libjemalloc-dev      jemalloc-devel       jemalloc    jemalloc-devel       jemalloc-dev
test  cmd=cmake                 cmake                   cmake                cmake       cmake                cmake
test  cmd=ninja                 ninja-build             ninja-build          ninja       ninja                ninja-build
test  cmd=meson                 meson                   meson                meson       meson                meson
test  cmd=automake              automake                automake             automake    automake             automake
test  cmd=autoconf              autoconf                autoconf             autoconf    autoconf             autoconf
test  cmd=libtoolize            libtool                 libtool              libtool     libtool              libtool
test  cmd=dh                    debhelper               debhelper            -           -                    -
test  cmd=lintian               lintian                 lintian              -           -                    -
test  pc=bash-completion        bash-completion         bash-completion      bash-completion bash-completion-devel bash-completion-dev
test  cmd=zsh                   zsh                     zsh                  zsh         zsh                  zsh
fresh cmd=debootstrap           debootstrap             debootstrap          debootstrap debootstrap          debootstrap
bench cmd=heaptrack             heaptrack               heaptrack            heaptrack   heaptrack            heaptrack
bench pc=benchmark              libbenchmark-dev        google-benchmark-devel benchmark benchmark-devel      benchmark-dev
bench pc=lttng-ust              liblttng-ust-dev        lttng-ust-devel      -           lttng-ust-devel      lttng-ust-dev
bench cmd=lttng                 lttng-tools             lttng-tools          -           lttng-tools          lttng-tools
bench cmd=redis-server           redis-server            redis                redis       redis                redis
bench cmd=redis-benchmark       redis-tools             redis                redis       redis                redis
bench cmd=nginx|/usr/sbin/nginx nginx-light             nginx                nginx       nginx                nginx
bench cmd=wrk                   wrk                     wrk                  wrk         wrk                  wrk
cross cmd=aarch64-linux-gnu-g++ g++-aarch64-linux-gnu   gcc-c++-aarch64-linux-gnu aarch64-linux-gnu-gcc cross-aarch64-gcc13 -
cross cmd=qemu-aarch64          qemu-user               qemu-user            qemu-user   qemu-linux-user      qemu-aarch64
EOF_TABLE
}
