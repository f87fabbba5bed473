use coffee::Order;
use tokio::join;

/// No trap: three waits at once, in the task that is there anyway. In Go it takes three goroutines.
pub async fn all_at_once(order: Order) {
    join!(
        biased;
        order.pay_for_coffee(),
        order.make_espresso(),
        order.steam_milk(),
    );
}
