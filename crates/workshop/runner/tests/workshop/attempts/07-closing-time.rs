mod wrong_door_left_open {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
                _ = &mut closing => break,
            }
        }
        while let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod wrong_forgets_the_channel {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
                _ = &mut closing => break,
            }
        }
        orders.close();
        coffees.join_all().await;
    }
}

mod wrong_goes_home {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
                _ = &mut closing => break,
            }
        }
        orders.close();
    }
}

mod wrong_asks_every_millisecond {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        while closing.try_recv().is_err() {
            while let Ok(order) = orders.try_recv() {
                coffees.spawn(make_coffee(order));
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod wrong_one_customer_at_a_time {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        loop {
            select! {
                Some(order) = orders.recv() => make_coffee(order).await,
                _ = &mut closing => break,
            }
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            make_coffee(order).await;
        }
    }
}

mod wrong_waits_a_minute {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
                _ = &mut closing => break,
            }
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    }
}

mod wrong_closes_when_the_first_coffee_is_out {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        if let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        let _ = closing.await;
        orders.close();
        while let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod wrong_drops_the_channel {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
                _ = &mut closing => break,
            }
        }
        drop(orders);
        coffees.join_all().await;
    }
}

mod wrong_takes_only_one_more {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                biased;
                _ = &mut closing => break,
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
            }
        }
        orders.close();
        if let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod wrong_refuses_only_after_the_last_coffee {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
                _ = &mut closing => break,
            }
        }
        while let Ok(order) = orders.try_recv() {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
        orders.close();
    }
}

mod wrong_does_not_wait_for_closing_time {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, _: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        orders.close();
        while let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod right_one_loop {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        let mut is_open = true;
        loop {
            select! {
                order = orders.recv() => match order {
                    Some(order) => {
                        coffees.spawn(make_coffee(order));
                    }
                    None => break,
                },
                _ = &mut closing, if is_open => {
                    is_open = false;
                    orders.close();
                }
            }
        }
        coffees.join_all().await;
    }
}

mod right_biased_and_try_recv {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                biased;
                _ = &mut closing => break,
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
            }
        }
        orders.close();
        while let Ok(order) = orders.try_recv() {
            coffees.spawn(make_coffee(order));
        }
        while coffees.join_next().await.is_some() {}
    }
}

mod right_coffees_are_reaped_meanwhile {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        loop {
            select! {
                Some(order) = orders.recv() => {
                    coffees.spawn(make_coffee(order));
                }
                Some(coffee) = coffees.join_next() => coffee.expect("no coffee panics"),
                _ = &mut closing => break,
            }
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod right_futures_unordered {
    use futures::stream::{FuturesUnordered, StreamExt};

    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = FuturesUnordered::new();
        loop {
            select! {
                Some(order) = orders.recv() => coffees.push(make_coffee(order)),
                Some(()) = coffees.next() => {}
                _ = &mut closing => break,
            }
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            coffees.push(make_coffee(order));
        }
        while coffees.next().await.is_some() {}
    }
}

mod wrong_looks_once_a_second {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        let mut second = tokio::time::interval(std::time::Duration::from_secs(1));
        loop {
            select! {
                _ = second.tick() => {
                    while let Ok(order) = orders.try_recv() {
                        coffees.spawn(make_coffee(order));
                    }
                }
                _ = &mut closing => break,
            }
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            coffees.spawn(make_coffee(order));
        }
        coffees.join_all().await;
    }
}

mod wrong_three_orders_and_no_more {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        for _ in 0..3 {
            if let Some(order) = orders.recv().await {
                coffees.spawn(make_coffee(order));
            }
        }
        let _ = closing.await;
        orders.close();
        coffees.join_all().await;
    }
}

mod wrong_waits_until_no_customer_can_come {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        let mut coffees = JoinSet::new();
        let mut is_open = true;
        loop {
            select! {
                order = orders.recv() => match order {
                    Some(order) if is_open => {
                        coffees.spawn(make_coffee(order));
                    }
                    Some(_) => {}
                    None => break,
                },
                _ = &mut closing, if is_open => is_open = false,
            }
        }
        coffees.join_all().await;
    }
}

mod wrong_the_coffees_are_detached {
    async fn open_shop(mut orders: mpsc::Receiver<Order>, mut closing: oneshot::Receiver<()>) {
        loop {
            select! {
                Some(order) = orders.recv() => {
                    tokio::spawn(make_coffee(order));
                }
                _ = &mut closing => break,
            }
        }
        orders.close();
        while let Some(order) = orders.recv().await {
            tokio::spawn(make_coffee(order));
        }
    }
}
