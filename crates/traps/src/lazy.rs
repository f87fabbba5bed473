use coffee::{Order, Shop};

/// The trap: calling an `async fn` makes a future and starts nothing. Every coffee is lost.
pub async fn serve_lazily(shop: &Shop, customers: u32) {
    for order in shop.orders(customers) {
        let _coffee = make_coffee(order);
    }
}

/// The way out: await it, or spawn it.
pub async fn serve_really(shop: &Shop, customers: u32) {
    for order in shop.orders(customers) {
        make_coffee(order).await;
    }
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}
