mod wrong_all_at_once {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = tokio::task::JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(async move {
                order.pay_for_coffee().await;
                order.make_espresso().await;
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    }
}

mod wrong_nothing_awaited {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            order.pay_for_coffee();
            order.make_espresso();
            order.steam_milk();
        }
    }
}

mod wrong_the_last_customer_first {
    async fn serve(shop: &Shop, customers: u32) {
        let mut orders: Vec<_> = shop.orders(customers).collect();
        while let Some(order) = orders.pop() {
            make_coffee(order).await;
        }
    }

    async fn make_coffee(order: coffee::Order) {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_spawned_with_a_sleep {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = tokio::task::JoinSet::new();
        for (i, order) in (0..).zip(shop.orders(customers)) {
            coffees.spawn(async move {
                tokio::time::sleep(std::time::Duration::from_secs(6) * i).await;
                order.pay_for_coffee().await;
                order.make_espresso().await;
                order.steam_milk().await;
            });
        }
        coffees.join_all().await;
    }
}

mod wrong_milk_first {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            order.steam_milk().await;
            order.make_espresso().await;
            order.pay_for_coffee().await;
        }
    }
}

mod wrong_station_by_station {
    async fn serve(shop: &Shop, customers: u32) {
        let orders: Vec<_> = shop.orders(customers).collect();
        for order in &orders {
            order.pay_for_coffee().await;
        }
        for order in &orders {
            order.make_espresso().await;
            order.steam_milk().await;
        }
    }
}

mod wrong_only_the_first_three {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers).take(3) {
            order.pay_for_coffee().await;
            order.make_espresso().await;
            order.steam_milk().await;
        }
    }
}

mod wrong_milk_forgotten {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            order.pay_for_coffee().await;
            order.make_espresso().await;
        }
    }
}

mod wrong_the_thread_sleeps {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            order.pay_for_coffee().await;
            order.make_espresso().await;
            std::thread::sleep(std::time::Duration::from_millis(60));
            order.steam_milk().await;
        }
    }
}

mod right_spawn_and_await_in_turn {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            let coffee = tokio::spawn(async move {
                order.pay_for_coffee().await;
                order.make_espresso().await;
                order.steam_milk().await;
            });
            coffee.await.expect("no coffee panics");
        }
    }
}

mod right_recursion {
    async fn serve(shop: &Shop, customers: u32) {
        next(shop.orders(customers)).await;
    }

    async fn next(mut orders: coffee::Orders) {
        let Some(order) = orders.next() else { return };
        order.pay_for_coffee().await;
        order.make_espresso().await;
        order.steam_milk().await;
        Box::pin(next(orders)).await;
    }
}

mod right_a_stream {
    use futures::stream::{self, StreamExt};

    async fn serve(shop: &Shop, customers: u32) {
        let coffees = stream::iter(shop.orders(customers)).then(async |order| {
            order.pay_for_coffee().await;
            order.make_espresso().await;
            order.steam_milk().await;
        });
        coffees.count().await;
    }
}

mod right_an_action_at_a_time {
    async fn serve(shop: &Shop, customers: u32) {
        let mut orders = shop.orders(customers);
        loop {
            match orders.next() {
                Some(order) => {
                    let coffee = async {
                        order.pay_for_coffee().await;
                        tokio::task::yield_now().await;
                        order.make_espresso().await;
                        order.steam_milk().await;
                    };
                    coffee.await;
                }
                None => break,
            }
        }
    }
}

mod wrong_the_milk_in_a_task_of_its_own {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            order.pay_for_coffee().await;
            order.make_espresso().await;
            tokio::spawn(async move { order.steam_milk().await });
        }
    }
}

mod wrong_no_more_than_six_seconds_each {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            let coffee = async {
                order.pay_for_coffee().await;
                order.make_espresso().await;
                order.steam_milk().await;
            };
            let _ = tokio::time::timeout(std::time::Duration::from_secs(6), coffee).await;
        }
    }
}

mod wrong_in_turn_only_while_it_is_quiet {
    async fn serve(shop: &Shop, customers: u32) {
        let coffee = async |order: coffee::Order| {
            order.pay_for_coffee().await;
            order.make_espresso().await;
            order.steam_milk().await;
        };
        if customers > 4 {
            futures::future::join_all(shop.orders(customers).map(coffee)).await;
        } else {
            for order in shop.orders(customers) {
                coffee(order).await;
            }
        }
    }
}

mod wrong_all_three_at_once {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            tokio::join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
        }
    }
}

mod right_a_fair_lock {
    async fn serve(shop: &Shop, customers: u32) {
        let counter = tokio::sync::Mutex::new(());
        let coffee = async |order: coffee::Order| {
            let _turn = counter.lock().await;
            order.pay_for_coffee().await;
            order.make_espresso().await;
            order.steam_milk().await;
        };
        futures::future::join_all(shop.orders(customers).map(coffee)).await;
    }
}
