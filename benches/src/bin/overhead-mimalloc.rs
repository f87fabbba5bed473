//! A cell of `benches/overhead.rs`, with mimalloc.

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> std::io::Result<()> {
    benches::overhead::run()
}
