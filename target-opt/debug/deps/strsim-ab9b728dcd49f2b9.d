/work/wt/lead/target-opt/debug/deps/strsim-ab9b728dcd49f2b9.d: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/strsim-0.11.1/src/lib.rs

/work/wt/lead/target-opt/debug/deps/libstrsim-ab9b728dcd49f2b9.rlib: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/strsim-0.11.1/src/lib.rs

/work/wt/lead/target-opt/debug/deps/libstrsim-ab9b728dcd49f2b9.rmeta: /root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/strsim-0.11.1/src/lib.rs

/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/strsim-0.11.1/src/lib.rs:
