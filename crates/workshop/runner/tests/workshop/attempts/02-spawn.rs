mod wrong_awaited_in_the_loop {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            tokio::spawn(make_coffee(order)).await.expect("no panic");
        }
    }
}

mod wrong_believes_the_answer {
    /// For 3 customers, counted from their order. `None` becomes `Some(1.0)`, or what you think.
    const PREDICTION: Prediction = Prediction {
        // When does `serve` return?
        answer_seconds: Some(0.0),
        // When is the last coffee out, if the program goes on?
        last_coffee_seconds: Some(6.0),
        // How many of the 3 get their coffee, if the program ends when `serve` returns? `Some(1)`, say.
        coffees_if_the_program_ends: Some(3),
    };
}

mod wrong_dropped_set {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = tokio::task::JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order));
        }
    }
}

mod wrong_one_task_for_all {
    use futures::future::join_all;

    async fn serve(shop: &Shop, customers: u32) {
        tokio::spawn(join_all(shop.orders(customers).map(make_coffee)));
    }
}

mod wrong_one_task_in_turn {
    async fn serve(shop: &Shop, customers: u32) {
        let orders = shop.orders(customers);
        tokio::spawn(async move {
            for order in orders {
                make_coffee(order).await;
            }
        });
    }
}

mod wrong_each_waits_for_the_one_before {
    async fn serve(shop: &Shop, customers: u32) {
        let mut before = tokio::spawn(async {});
        for order in shop.orders(customers) {
            before = tokio::spawn(async move {
                let _ = before.await;
                make_coffee(order).await;
            });
        }
    }
}

mod wrong_only_the_first_is_spawned {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers).take(1) {
            tokio::spawn(make_coffee(order));
        }
    }
}

mod wrong_the_future_is_made_and_not_spawned {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            let _ = make_coffee(order);
        }
    }
}

mod wrong_waits_for_all {
    async fn serve(shop: &Shop, customers: u32) {
        let coffees: Vec<_> =
            shop.orders(customers).map(|order| tokio::spawn(make_coffee(order))).collect();
        for coffee in coffees {
            coffee.await.expect("no coffee panics");
        }
    }
}

mod wrong_answer_predicted_at_the_end {
    const PREDICTION: Prediction = Prediction {
        answer_seconds: Some(6.0),
        last_coffee_seconds: Some(6.0),
        coffees_if_the_program_ends: Some(0),
    };
}

mod wrong_coffees_predicted_in_turn {
    const PREDICTION: Prediction = Prediction {
        answer_seconds: Some(0.0),
        last_coffee_seconds: Some(18.0),
        coffees_if_the_program_ends: Some(0),
    };
}

mod right_handles_dropped {
    async fn serve(shop: &Shop, customers: u32) {
        let handles: Vec<_> = shop.orders(customers).map(make_coffee).map(tokio::spawn).collect();
        drop(handles);
    }
}

mod right_a_detached_set {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees: tokio::task::JoinSet<()> =
            shop.orders(customers).map(make_coffee).collect();
        coffees.detach_all();
    }
}

mod right_async_blocks {
    async fn serve(shop: &Shop, customers: u32) {
        shop.orders(customers).for_each(|order| {
            tokio::spawn(async move { make_coffee(order).await });
        });
    }
}

mod wrong_a_sleep_before_each {
    async fn serve(shop: &Shop, customers: u32) {
        for (i, order) in (0..).zip(shop.orders(customers)) {
            tokio::spawn(async move {
                tokio::time::sleep(std::time::Duration::from_millis(100) * i).await;
                make_coffee(order).await;
            });
        }
    }
}

mod wrong_the_last_one_is_awaited {
    async fn serve(shop: &Shop, customers: u32) {
        let mut orders: Vec<_> = shop.orders(customers).collect();
        let last = orders.pop();
        for order in orders {
            tokio::spawn(make_coffee(order));
        }
        if let Some(last) = last {
            make_coffee(last).await;
        }
    }
}

mod right_forgotten {
    async fn serve(shop: &Shop, customers: u32) {
        let coffees: tokio::task::JoinSet<()> = shop.orders(customers).map(make_coffee).collect();
        std::mem::forget(coffees);
    }
}
