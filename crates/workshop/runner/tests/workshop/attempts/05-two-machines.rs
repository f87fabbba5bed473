mod wrong_permit_dropped {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        order.pay_for_coffee().await;
        let _ = machines.acquire().await;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_permit_held_too_long {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        order.pay_for_coffee().await;
        let _permit = machines.acquire().await;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_permit_taken_too_early {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        let _permit = machines.acquire().await;
        order.pay_for_coffee().await;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_predicts_thirty_seconds {
    /// The seconds that 10 customers take. `None` becomes `Some(1.0)`, or what you think.
    const PREDICTION_SECONDS: Option<f64> = Some(30.0);
}

mod wrong_a_sleep_instead_of_a_semaphore {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = JoinSet::new();
        for (i, order) in (0..).zip(shop.orders(customers)) {
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                let round = std::time::Duration::from_secs(2) * (i / 2);
                tokio::time::sleep(round).await;
                order.make_espresso().await;
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    }
}

mod wrong_two_mutexes_in_turn {
    async fn serve(shop: &Shop, customers: u32) {
        let machines: Arc<[tokio::sync::Mutex<()>; 2]> = Arc::default();
        let mut coffees = JoinSet::new();
        for (i, order) in shop.orders(customers).enumerate() {
            let machines = Arc::clone(&machines);
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                {
                    let _machine = machines[i % 2].lock().await;
                    order.make_espresso().await;
                }
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    }
}

mod wrong_one_machine {
    async fn serve(shop: &Shop, customers: u32) {
        let machines = Arc::new(Semaphore::new(1));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order, Arc::clone(&machines)));
        }
        coffees.join_all().await;
    }
}

mod wrong_three_machines {
    async fn serve(shop: &Shop, customers: u32) {
        let machines = Arc::new(Semaphore::new(3));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order, Arc::clone(&machines)));
        }
        coffees.join_all().await;
    }
}

mod wrong_two_customers_in_the_shop {
    async fn serve(shop: &Shop, customers: u32) {
        let machines = Arc::new(Semaphore::new(MACHINES));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            let permit = Arc::clone(&machines).acquire_owned().await.expect("it is never closed");
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                order.make_espresso().await;
                drop(permit);
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    }
}

mod wrong_in_pairs {
    async fn serve(shop: &Shop, customers: u32) {
        let barrier = Arc::new(tokio::sync::Semaphore::new(MACHINES));
        let orders: Vec<_> = shop.orders(customers).collect();
        futures::future::join_all(orders.iter().map(Order::pay_for_coffee)).await;
        let mut milk = JoinSet::new();
        let mut orders = orders.into_iter();
        loop {
            let pair: Vec<_> = orders.by_ref().take(2).collect();
            if pair.is_empty() {
                break;
            }
            futures::future::join_all(pair.iter().map(Order::make_espresso)).await;
            for order in pair {
                milk.spawn(async move { order.steam_milk().await });
            }
        }
        milk.join_all().await;
    }
}

mod wrong_a_permit_of_its_own {
    async fn make_coffee(order: Order, _: Arc<Semaphore>) {
        let machines = Semaphore::new(MACHINES);
        order.pay_for_coffee().await;
        {
            let _permit = machines.acquire().await.expect("it is never closed");
            order.make_espresso().await;
        }
        order.steam_milk().await;
    }
}

mod wrong_asks_until_a_machine_is_free {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        order.pay_for_coffee().await;
        loop {
            if let Ok(_permit) = machines.try_acquire() {
                order.make_espresso().await;
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        order.steam_milk().await;
    }
}

mod right_drop_the_permit {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        order.pay_for_coffee().await;
        let permit = machines.acquire().await.expect("the semaphore is never closed");
        order.make_espresso().await;
        drop(permit);
        order.steam_milk().await;
    }
}

mod right_a_channel_of_machines {
    async fn serve(shop: &Shop, customers: u32) {
        let (put_back, free) = tokio::sync::mpsc::channel(MACHINES);
        for _ in 0..MACHINES {
            put_back.send(()).await.expect("there is a receiver");
        }
        let free = Arc::new(tokio::sync::Mutex::new(free));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            let (put_back, free) = (put_back.clone(), Arc::clone(&free));
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                let machine = free.lock().await.recv().await.expect("machines come back");
                order.make_espresso().await;
                put_back.send(machine).await.expect("there is a receiver");
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    }
}

mod right_owned_permits {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        order.pay_for_coffee().await;
        let permit = machines.acquire_owned().await.expect("the semaphore is never closed");
        order.make_espresso().await;
        drop(permit);
        order.steam_milk().await;
    }
}

mod right_join_all {
    async fn serve(shop: &Shop, customers: u32) {
        let machines = Arc::new(Semaphore::new(MACHINES));
        let coffee = |order| make_coffee(order, Arc::clone(&machines));
        futures::future::join_all(shop.orders(customers).map(coffee)).await;
    }
}

mod wrong_the_milk_is_bounded {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        let _permit = machines.acquire().await.expect("it is never closed");
        order.steam_milk().await;
    }
}

mod wrong_the_permit_is_forgotten {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        order.pay_for_coffee().await;
        machines.acquire().await.expect("it is never closed").forget();
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_gives_back_two {
    async fn make_coffee(order: Order, machines: Arc<Semaphore>) {
        order.pay_for_coffee().await;
        {
            let _permit = machines.acquire().await.expect("it is never closed");
            order.make_espresso().await;
        }
        machines.add_permits(1);
        order.steam_milk().await;
    }
}

mod wrong_a_barrier_of_two {
    async fn serve(shop: &Shop, customers: u32) {
        let pair = Arc::new(tokio::sync::Barrier::new(MACHINES));
        let machines = Arc::new(Semaphore::new(MACHINES));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            let (pair, machines) = (Arc::clone(&pair), Arc::clone(&machines));
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                {
                    let _permit = machines.acquire().await.expect("it is never closed");
                    pair.wait().await;
                    order.make_espresso().await;
                }
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    }
}
