use coffee::{Order, Shop};

/// The trap: calling an `async fn` makes a future and starts nothing. All three coffees are lost.
pub async fn serve_lazily(shop: &Shop) {
    for order in shop.orders(3) {
        let _coffee = make_coffee(order);
    }
}

/// The way out: await it, or spawn it.
pub async fn serve_really(shop: &Shop) {
    for order in shop.orders(3) {
        make_coffee(order).await;
    }
}

async fn make_coffee(order: Order) {
    order.pay_for_coffee().await;
    order.make_espresso().await;
    order.steam_milk().await;
}
