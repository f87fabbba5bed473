mod wrong_a_task_for_each_action {
    use std::sync::Arc;

    async fn make_coffee(order: Order) {
        let order = Arc::new(order);
        let mut actions = JoinSet::new();
        let one = Arc::clone(&order);
        actions.spawn(async move { one.pay_for_coffee().await });
        let one = Arc::clone(&order);
        actions.spawn(async move { one.make_espresso().await });
        actions.spawn(async move { order.steam_milk().await });
        actions.join_all().await;
    }
}

mod wrong_actions_in_turn {
    async fn make_coffee(order: Order) {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_the_espresso_waits_for_the_money {
    async fn make_coffee(order: Order) {
        order.pay_for_coffee().await;
        join!(order.make_espresso(), order.steam_milk());
    }
}

mod wrong_awaited_before_the_join {
    async fn make_coffee(order: Order) {
        let pay = order.pay_for_coffee();
        let espresso = order.make_espresso();
        let milk = order.steam_milk();
        pay.await;
        espresso.await;
        milk.await;
    }
}

mod wrong_the_first_one_wins {
    async fn make_coffee(order: Order) {
        tokio::select! {
            biased;
            () = order.pay_for_coffee() => {}
            () = order.make_espresso() => {}
            () = order.steam_milk() => {}
        }
    }
}

mod wrong_the_milk_is_forgotten {
    async fn make_coffee(order: Order) {
        join!(order.pay_for_coffee(), order.make_espresso());
    }
}

mod wrong_detached_and_slept {
    async fn make_coffee(order: Order) {
        let order = std::sync::Arc::new(order);
        let theirs = std::sync::Arc::clone(&order);
        tokio::spawn(async move { theirs.steam_milk().await });
        join!(order.pay_for_coffee(), order.make_espresso());
    }
}

mod wrong_one_customer_after_another {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            make_coffee(order).await;
        }
    }

    async fn make_coffee(order: Order) {
        join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
    }
}

mod wrong_a_timeout_of_two_seconds {
    async fn make_coffee(order: Order) {
        let limit = std::time::Duration::from_millis(2_001);
        let all = async {
            join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
        };
        let _ = tokio::time::timeout(limit, all).await;
    }
}

mod wrong_twice {
    async fn make_coffee(order: Order) {
        join!(
            order.pay_for_coffee(),
            order.make_espresso(),
            order.steam_milk(),
            order.steam_milk()
        );
    }
}

mod right_nested_in_pairs {
    async fn make_coffee(order: Order) {
        join!(order.pay_for_coffee(), async {
            join!(order.make_espresso(), order.steam_milk());
        });
    }
}

mod right_join_all_of_boxes {
    use futures::future::{FutureExt, join_all};

    async fn make_coffee(order: Order) {
        let actions = [
            order.pay_for_coffee().boxed(),
            order.make_espresso().boxed(),
            order.steam_milk().boxed(),
        ];
        join_all(actions).await;
    }
}

mod right_everything_in_one_task {
    use futures::future::join_all;

    async fn serve(shop: &Shop, customers: u32) {
        join_all(shop.orders(customers).map(make_coffee)).await;
    }
}

mod right_a_select_loop {
    async fn make_coffee(order: Order) {
        let pay = order.pay_for_coffee();
        let espresso = order.make_espresso();
        let milk = order.steam_milk();
        tokio::pin!(pay, espresso, milk);
        let mut done = [false; 3];
        while done.contains(&false) {
            tokio::select! {
                () = &mut pay, if !done[0] => done[0] = true,
                () = &mut espresso, if !done[1] => done[1] = true,
                () = &mut milk, if !done[2] => done[2] = true,
            }
        }
    }
}

mod right_poll_fn {
    use std::future::poll_fn;
    use std::task::Poll;

    async fn make_coffee(order: Order) {
        let pay = order.pay_for_coffee();
        let espresso = order.make_espresso();
        let milk = order.steam_milk();
        tokio::pin!(pay, espresso, milk);
        let mut done = [false; 3];
        poll_fn(|context| {
            done[0] = done[0] || pay.as_mut().poll(context).is_ready();
            done[1] = done[1] || espresso.as_mut().poll(context).is_ready();
            done[2] = done[2] || milk.as_mut().poll(context).is_ready();
            if done == [true; 3] { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

mod wrong_the_milk_after_the_join {
    async fn make_coffee(order: Order) {
        join!(order.pay_for_coffee(), order.make_espresso());
        order.steam_milk().await;
    }
}

mod wrong_two_in_turn_within_the_join {
    async fn make_coffee(order: Order) {
        let brew = async {
            order.make_espresso().await;
            order.steam_milk().await;
        };
        join!(order.pay_for_coffee(), brew);
    }
}

mod wrong_only_two_customers_at_a_time {
    async fn serve(shop: &Shop, customers: u32) {
        let places = std::sync::Arc::new(tokio::sync::Semaphore::new(2));
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            let places = std::sync::Arc::clone(&places);
            coffees.spawn(async move {
                let _place = places.acquire().await.expect("it is never closed");
                make_coffee(order).await;
            });
        }
        coffees.join_all().await;
    }

    async fn make_coffee(order: Order) {
        join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
    }
}

mod wrong_the_set_is_dropped {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_next().await;
    }

    async fn make_coffee(order: Order) {
        join!(order.pay_for_coffee(), order.make_espresso(), order.steam_milk());
    }
}
