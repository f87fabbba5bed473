mod wrong_join_all_without_a_task {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Arc::new(Mutex::new(0));
        let coffees = shop.orders(customers).map(|order| make_coffee(order, Arc::clone(&till)));
        futures::future::join_all(coffees).await;
        let coins = till.lock().expect("no customer panics while counting");
        *coins
    }
}

mod wrong_a_local_set {
    use std::rc::Rc;

    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Rc::new(Mutex::new(0));
        let local = tokio::task::LocalSet::new();
        for order in shop.orders(customers) {
            local.spawn_local(make_coffee(order, Rc::clone(&till)));
        }
        local.await;
        let coins = till.lock().expect("no customer panics while counting");
        *coins
    }

    async fn make_coffee(order: Order, till: Rc<Mutex<u32>>) {
        order.pay_for_coffee().await;
        *till.lock().expect("no customer panics while counting") += 1;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_an_async_lock_held_too_long {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Arc::new(tokio::sync::Mutex::new(0));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order, Arc::clone(&till)));
        }
        coffees.join_all().await;
        let coins = till.lock().await;
        *coins
    }

    async fn make_coffee(order: Order, till: Arc<tokio::sync::Mutex<u32>>) {
        order.pay_for_coffee().await;
        let mut coins = till.lock().await;
        *coins += 1;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_looks_into_the_till_too_early {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Arc::new(Mutex::new(0));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order, Arc::clone(&till)));
        }
        let coins = *till.lock().expect("no customer panics while counting");
        coffees.join_all().await;
        coins
    }
}

mod wrong_a_till_for_each_customer {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let mut coffees = JoinSet::new();
        let till = Arc::new(Mutex::new(0));
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order, Arc::new(Mutex::new(0))));
        }
        coffees.join_all().await;
        let coins = till.lock().expect("no customer panics while counting");
        *coins
    }
}

mod wrong_spawned_and_awaited_in_turn {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Arc::new(Mutex::new(0));
        for order in shop.orders(customers) {
            let coffee = tokio::spawn(make_coffee(order, Arc::clone(&till)));
            coffee.await.expect("no coffee panics");
        }
        let coins = till.lock().expect("no customer panics while counting");
        *coins
    }
}

mod refused_an_rc {
    use std::rc::Rc;

    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Rc::new(Mutex::new(0));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order, Rc::clone(&till)));
        }
        coffees.join_all().await;
        customers
    }

    async fn make_coffee(order: Order, till: Rc<Mutex<u32>>) {
        order.pay_for_coffee().await;
        *till.lock().expect("no customer panics while counting") += 1;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod refused_a_guard_across_an_await {
    async fn make_coffee(order: Order, till: Arc<Mutex<u32>>) {
        order.pay_for_coffee().await;
        let mut coins = till.lock().expect("no customer panics while counting");
        *coins += 1;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod refused_a_borrowed_order {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Arc::new(Mutex::new(0));
        let mut coffees = JoinSet::new();
        let orders: Vec<Order> = shop.orders(customers).collect();
        for order in &orders {
            coffees.spawn(make_coffee(order, Arc::clone(&till)));
        }
        coffees.join_all().await;
        customers
    }

    async fn make_coffee(order: &Order, till: Arc<Mutex<u32>>) {
        order.pay_for_coffee().await;
        *till.lock().expect("no customer panics while counting") += 1;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod right_an_atomic {
    use std::sync::atomic::{AtomicU32, Ordering};

    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Arc::new(AtomicU32::new(0));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order, Arc::clone(&till)));
        }
        coffees.join_all().await;
        till.load(Ordering::Relaxed)
    }

    async fn make_coffee(order: Order, till: Arc<AtomicU32>) {
        order.pay_for_coffee().await;
        till.fetch_add(1, Ordering::Relaxed);
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod right_handles_that_return_coins {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let coffees: Vec<_> = shop.orders(customers).map(|o| tokio::spawn(one_coin(o))).collect();
        let mut coins = 0;
        for coffee in coffees {
            coins += coffee.await.expect("no coffee panics");
        }
        coins
    }

    async fn one_coin(order: Order) -> u32 {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        order.steam_milk().await;
        1
    }
}

mod right_counted_in_one_line {
    async fn make_coffee(order: Order, till: Arc<Mutex<u32>>) {
        order.pay_for_coffee().await;
        *till.lock().expect("no customer panics while counting") += 1;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_one_task_for_all {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Arc::new(Mutex::new(0));
        let coffee = |order| make_coffee(order, Arc::clone(&till));
        let all = futures::future::join_all(shop.orders(customers).map(coffee));
        tokio::spawn(all).await.expect("no coffee panics");
        let coins = till.lock().expect("no customer panics while counting");
        *coins
    }
}

mod wrong_counts_two_coins {
    async fn make_coffee(order: Order, till: Arc<Mutex<u32>>) {
        *till.lock().expect("no customer panics while counting") += 1;
        order.pay_for_coffee().await;
        *till.lock().expect("no customer panics while counting") += 1;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_the_tasks_are_not_awaited {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let till = Arc::new(Mutex::new(0));
        for order in shop.orders(customers) {
            tokio::spawn(make_coffee(order, Arc::clone(&till)));
        }
        customers
    }
}
