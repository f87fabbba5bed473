mod wrong_awaited_in_the_loop {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            tokio::spawn(make_coffee(order)).await.expect("no panic");
        }
    }
}

mod wrong_dropped_set {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order));
        }
    }
}

mod wrong_not_awaited {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            tokio::spawn(make_coffee(order));
        }
    }
}

mod wrong_only_three {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers.min(3)) {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod wrong_waits_for_one {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_next().await;
    }
}

mod wrong_only_the_last_awaited {
    async fn serve(shop: &Shop, customers: u32) {
        let mut last = None;
        for order in shop.orders(customers) {
            last = Some(tokio::spawn(make_coffee(order)));
        }
        if let Some(last) = last {
            last.await.expect("no coffee panics");
        }
    }
}

mod wrong_a_sleep_and_many_yields {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            tokio::spawn(make_coffee(order));
        }
        tokio::time::sleep(std::time::Duration::from_secs(6)).await;
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
    }
}

mod wrong_a_very_long_sleep {
    async fn serve(shop: &Shop, customers: u32) {
        for order in shop.orders(customers) {
            tokio::spawn(make_coffee(order));
        }
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    }
}

mod wrong_the_thread_sleeps {
    async fn make_coffee(order: Order) {
        order.pay_for_coffee().await;
        std::thread::sleep(std::time::Duration::from_millis(5));
        order.make_espresso().await;
        order.steam_milk().await;
    }
}

mod wrong_asks_whether_they_are_done {
    async fn serve(shop: &Shop, customers: u32) {
        let coffees: Vec<_> =
            shop.orders(customers).map(|order| tokio::spawn(make_coffee(order))).collect();
        while !coffees.iter().all(|coffee| coffee.is_finished()) {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}

mod wrong_the_milk_is_left_to_its_own_task {
    async fn make_coffee(order: Order) {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        tokio::spawn(async move { order.steam_milk().await });
    }
}

mod wrong_aborts_what_is_slow {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(make_coffee(order));
        }
        let limit = std::time::Duration::from_secs(6);
        let _ = tokio::time::timeout(limit, coffees.join_all()).await;
    }
}

mod wrong_ten_at_a_time {
    async fn serve(shop: &Shop, customers: u32) {
        let mut orders = shop.orders(customers);
        while orders.len() > 0 {
            let coffees: JoinSet<()> = orders.by_ref().take(10).map(make_coffee).collect();
            coffees.join_all().await;
        }
    }
}

mod right_join_next_in_a_loop {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees: JoinSet<()> = shop.orders(customers).map(make_coffee).collect();
        while let Some(coffee) = coffees.join_next().await {
            coffee.expect("no coffee panics");
        }
    }
}

mod right_handles_in_a_list {
    async fn serve(shop: &Shop, customers: u32) {
        let coffees: Vec<_> =
            shop.orders(customers).map(|order| tokio::spawn(make_coffee(order))).collect();
        for coffee in coffees {
            coffee.await.expect("no coffee panics");
        }
    }
}

mod right_join_all {
    use futures::future::join_all;

    async fn serve(shop: &Shop, customers: u32) {
        join_all(shop.orders(customers).map(make_coffee)).await;
    }
}

mod right_futures_unordered {
    use futures::stream::{FuturesUnordered, StreamExt};

    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees: FuturesUnordered<_> = shop.orders(customers).map(make_coffee).collect();
        while coffees.next().await.is_some() {}
    }
}

mod right_a_channel_as_wait_group {
    async fn serve(shop: &Shop, customers: u32) {
        let (working, mut all_done) = tokio::sync::mpsc::channel::<()>(1);
        for order in shop.orders(customers) {
            let working = working.clone();
            tokio::spawn(async move {
                make_coffee(order).await;
                drop(working);
            });
        }
        drop(working);
        let _ = all_done.recv().await;
    }
}

mod right_a_semaphore_as_wait_group {
    async fn serve(shop: &Shop, customers: u32) {
        let done = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
        for order in shop.orders(customers) {
            let done = std::sync::Arc::clone(&done);
            tokio::spawn(async move {
                make_coffee(order).await;
                done.add_permits(1);
            });
        }
        let _all = done.acquire_many(customers).await.expect("it is never closed");
    }
}

mod right_recursion {
    async fn serve(shop: &Shop, customers: u32) {
        all(shop.orders(customers)).await;
    }

    async fn all(mut orders: coffee::Orders) {
        if let Some(order) = orders.next() {
            let first = tokio::spawn(make_coffee(order));
            Box::pin(all(orders)).await;
            first.await.expect("no coffee panics");
        }
    }
}

mod right_poll_written_by_hand {
    use std::pin::Pin;
    use std::task::{Context, Poll};

    async fn serve(shop: &Shop, customers: u32) {
        let coffees = shop.orders(customers).map(|order| Some(tokio::spawn(make_coffee(order))));
        All { coffees: coffees.collect() }.await;
    }

    struct All {
        coffees: Vec<Option<tokio::task::JoinHandle<()>>>,
    }

    impl Future for All {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
            for coffee in &mut self.coffees {
                let handle = coffee.as_mut().map(Pin::new);
                if handle.is_some_and(|handle| handle.poll(context).is_ready()) {
                    *coffee = None;
                }
            }
            match self.coffees.iter().all(Option::is_none) {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        }
    }
}

mod right_what_is_left_is_aborted_after_all_are_done {
    async fn serve(shop: &Shop, customers: u32) {
        let (done, mut is_done) = tokio::sync::mpsc::channel(1);
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            let done = done.clone();
            coffees.spawn(async move {
                make_coffee(order).await;
                let _ = done.send(()).await;
            });
        }
        for _ in 0..customers {
            is_done.recv().await;
        }
        coffees.shutdown().await;
    }
}

mod wrong_waits_for_the_first_and_the_last {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees: Vec<_> =
            shop.orders(customers).map(|order| tokio::spawn(make_coffee(order))).collect();
        let last = coffees.pop();
        if let Some(first) = coffees.into_iter().next() {
            first.await.expect("no coffee panics");
        }
        if let Some(last) = last {
            last.await.expect("no coffee panics");
        }
    }
}

mod wrong_waits_for_half_of_them {
    async fn serve(shop: &Shop, customers: u32) {
        let done = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
        for order in shop.orders(customers) {
            let done = std::sync::Arc::clone(&done);
            tokio::spawn(async move {
                make_coffee(order).await;
                done.add_permits(1);
            });
        }
        let _half = done.acquire_many(customers.div_ceil(2)).await.expect("it is never closed");
    }
}

mod wrong_a_task_that_only_spawns_another {
    async fn serve(shop: &Shop, customers: u32) {
        let mut coffees = JoinSet::new();
        for order in shop.orders(customers) {
            coffees.spawn(async move {
                tokio::spawn(make_coffee(order));
            });
        }
        coffees.join_all().await;
    }
}

mod wrong_counts_as_done_what_is_paid {
    async fn serve(shop: &Shop, customers: u32) {
        let (paid, mut is_paid) = tokio::sync::mpsc::channel(1);
        for order in shop.orders(customers) {
            let paid = paid.clone();
            tokio::spawn(async move {
                order.pay_for_coffee().await;
                let _ = paid.send(()).await;
                order.make_espresso().await;
                order.steam_milk().await;
            });
        }
        for _ in 0..customers {
            is_paid.recv().await;
        }
    }
}

mod right_a_timeout_that_never_comes {
    async fn serve(shop: &Shop, customers: u32) {
        let coffees: JoinSet<()> = shop.orders(customers).map(make_coffee).collect();
        let limit = std::time::Duration::from_secs(3600);
        tokio::time::timeout(limit, coffees.join_all()).await.expect("it takes no hour");
    }
}
