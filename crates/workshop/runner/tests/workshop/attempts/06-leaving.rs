mod wrong_timeout_around_a_task {
    /// Says whether the customer got the coffee before leaving.
    async fn wait_for_coffee(order: Order) -> bool {
        timeout(PATIENCE, tokio::spawn(make_coffee(order))).await.is_ok()
    }
}

mod wrong_timeout_around_each_action {
    /// Says whether the customer got the coffee before leaving.
    async fn wait_for_coffee(order: Order) -> bool {
        timeout(PATIENCE, order.pay_for_coffee()).await.is_ok()
            && timeout(PATIENCE, order.make_espresso()).await.is_ok()
            && timeout(PATIENCE, order.steam_milk()).await.is_ok()
    }
}

mod wrong_only_the_milk_has_a_timeout {
    async fn wait_for_coffee(order: Order) -> bool {
        order.pay_for_coffee().await;
        order.make_espresso().await;
        timeout(std::time::Duration::from_secs(1), order.steam_milk()).await.is_ok()
    }
}

mod wrong_a_deadline_for_all_together {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let coffees: JoinSet<()> = shop.orders(customers).map(make_coffee).collect();
        match timeout(PATIENCE, coffees.join_all()).await {
            Ok(done) => done.len() as u32,
            Err(_) => 0,
        }
    }
}

mod wrong_leaves_at_once {
    async fn wait_for_coffee(order: Order) -> bool {
        timeout(std::time::Duration::ZERO, make_coffee(order)).await.is_ok()
    }
}

mod wrong_says_yes {
    async fn wait_for_coffee(order: Order) -> bool {
        let _ = timeout(PATIENCE, make_coffee(order)).await;
        true
    }
}

mod wrong_the_answer_turned_around {
    async fn wait_for_coffee(order: Order) -> bool {
        timeout(PATIENCE, make_coffee(order)).await.is_err()
    }
}

mod wrong_looks_at_the_clock_in_the_end {
    async fn wait_for_coffee(order: Order) -> bool {
        let came = tokio::time::Instant::now();
        make_coffee(order).await;
        came.elapsed() <= PATIENCE
    }
}

mod wrong_looks_at_the_clock_between_the_actions {
    async fn wait_for_coffee(order: Order) -> bool {
        let came = tokio::time::Instant::now();
        order.pay_for_coffee().await;
        if came.elapsed() < PATIENCE {
            order.make_espresso().await;
        }
        let left = PATIENCE.saturating_sub(came.elapsed());
        timeout(left, order.steam_milk()).await.is_ok()
    }
}

mod wrong_one_after_another {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let mut got = 0;
        for order in shop.orders(customers) {
            got += u32::from(timeout(PATIENCE, make_coffee(order)).await.is_ok());
        }
        got
    }
}

mod right_timeout_at {
    async fn wait_for_coffee(order: Order) -> bool {
        let leaves = tokio::time::Instant::now() + PATIENCE;
        tokio::time::timeout_at(leaves, make_coffee(order)).await.is_ok()
    }
}

mod right_select {
    async fn wait_for_coffee(order: Order) -> bool {
        tokio::select! {
            () = make_coffee(order) => true,
            () = tokio::time::sleep(PATIENCE) => false,
        }
    }
}

mod right_abort_and_await {
    async fn wait_for_coffee(order: Order) -> bool {
        let mut coffee = tokio::spawn(make_coffee(order));
        if timeout(PATIENCE, &mut coffee).await.is_ok() {
            return true;
        }
        coffee.abort();
        coffee.await.is_ok()
    }
}

mod right_each_action_until_the_same_moment {
    use tokio::time::{Instant, timeout_at};

    async fn wait_for_coffee(order: Order) -> bool {
        let leaves = Instant::now() + PATIENCE;
        timeout_at(leaves, order.pay_for_coffee()).await.is_ok()
            && timeout_at(leaves, order.make_espresso()).await.is_ok()
            && timeout_at(leaves, order.steam_milk()).await.is_ok()
    }
}

mod right_one_deadline_and_a_count {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let mut coffees: JoinSet<()> = shop.orders(customers).map(make_coffee).collect();
        let mut got = 0;
        let counted = async {
            while coffees.join_next().await.is_some() {
                got += 1;
            }
        };
        let _ = timeout(PATIENCE, counted).await;
        coffees.shutdown().await;
        got
    }
}

mod wrong_the_patience_begins_when_they_have_paid {
    async fn wait_for_coffee(order: Order) -> bool {
        order.pay_for_coffee().await;
        let rest = async {
            order.make_espresso().await;
            order.steam_milk().await;
        };
        timeout(PATIENCE, rest).await.is_ok()
    }
}

mod wrong_a_second_less {
    async fn wait_for_coffee(order: Order) -> bool {
        let patience = PATIENCE - std::time::Duration::from_secs(1);
        timeout(patience, make_coffee(order)).await.is_ok()
    }
}

mod wrong_what_is_begun_is_finished {
    async fn wait_for_coffee(order: Order) -> bool {
        let came = tokio::time::Instant::now();
        let patience_is_over = || came.elapsed() >= PATIENCE;
        order.pay_for_coffee().await;
        if patience_is_over() {
            return false;
        }
        order.make_espresso().await;
        if patience_is_over() {
            return false;
        }
        order.steam_milk().await;
        !patience_is_over()
    }
}

mod wrong_counts_all_who_came {
    async fn serve(shop: &Shop, customers: u32) -> u32 {
        let mut visits = JoinSet::new();
        for order in shop.orders(customers) {
            visits.spawn(timeout(PATIENCE, make_coffee(order)));
        }
        visits.join_all().await.len() as u32
    }
}
