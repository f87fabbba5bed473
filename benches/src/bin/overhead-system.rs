//! A cell of `benches/overhead.rs`, with the allocator of the operating system.

fn main() -> std::io::Result<()> {
    benches::overhead::run()
}
