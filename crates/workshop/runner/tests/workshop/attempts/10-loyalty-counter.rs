mod wrong_atomic_in_two_steps_without_an_await {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        let stamps = card.load(Relaxed);
        card.store(stamps + 1, Relaxed);
        stamps + 1
    }
}

mod wrong_atomic_in_two_steps {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        let stamps = card.load(Relaxed);
        order.pay_for_coffee().await;
        card.store(stamps + 1, Relaxed);
        stamps + 1
    }
}

mod wrong_lock_held_while_paying {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        let mut stamps = card.lock().expect("no customer panics while stamping");
        order.pay_for_coffee().await;
        *stamps += 1;
        *stamps
    }
}

mod wrong_no_longer_careless {
    /// What the card says after ten careless stamps. `None` becomes `Some(7)`, or what you think.
    const PREDICTION_STAMPS: Option<u32> = Some(10);

    /// Given, and wrong: leave it as it is.
    async fn carelessly(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        card.fetch_add(1, Relaxed) + 1
    }
}

mod wrong_told_the_number_before {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        card.fetch_add(1, Relaxed)
    }
}

mod wrong_two_locks {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        order.pay_for_coffee().await;
        let stamps = *card.lock().expect("no customer panics while stamping");
        *card.lock().expect("no customer panics while stamping") = stamps + 1;
        stamps + 1
    }
}

mod wrong_adds_and_then_looks {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        card.fetch_add(1, Relaxed);
        card.load(Relaxed)
    }
}

mod wrong_locks_again_to_look {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        order.pay_for_coffee().await;
        *card.lock().expect("no customer panics") += 1;
        *card.lock().expect("no customer panics")
    }
}

mod wrong_an_actor_that_answers_ten_times {
    async fn actor(mut stamps: mpsc::Receiver<oneshot::Sender<u32>>) {
        for card in 1..=10 {
            if let Some(customer) = stamps.recv().await {
                let _ = customer.send(card);
            }
        }
    }
}

mod wrong_an_exchange_without_a_loop {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        let stamps = card.load(Relaxed);
        let _ = card.compare_exchange(stamps, stamps + 1, Relaxed, Relaxed);
        stamps + 1
    }
}

mod wrong_an_exchange_that_is_tried_twice {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        let stamps = card.load(Relaxed);
        match card.compare_exchange(stamps, stamps + 1, Relaxed, Relaxed) {
            Ok(_) => stamps + 1,
            Err(is) => {
                card.store(is + 1, Relaxed);
                is + 1
            }
        }
    }
}

mod wrong_a_weak_exchange_without_a_loop {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        let stamps = card.load(Relaxed);
        let _ = card.compare_exchange_weak(stamps, stamps + 1, Relaxed, Relaxed);
        stamps + 1
    }
}

mod wrong_the_number_of_the_customer {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        order.pay_for_coffee().await;
        *card.lock().expect("no customer panics") += 1;
        order.customer()
    }
}

mod wrong_stamps_before_paying {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        let stamps = card.fetch_add(1, Relaxed) + 1;
        order.pay_for_coffee().await;
        stamps
    }
}

mod wrong_tries_the_lock_once {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        order.pay_for_coffee().await;
        match card.try_lock() {
            Ok(mut stamps) => {
                *stamps += 1;
                *stamps
            }
            Err(_) => 0,
        }
    }
}

mod wrong_the_actor_tells_the_number_before {
    async fn actor(mut stamps: mpsc::Receiver<oneshot::Sender<u32>>) {
        let mut card = 0;
        while let Some(customer) = stamps.recv().await {
            let _ = customer.send(card);
            card += 1;
        }
    }
}

mod wrong_the_actor_forgets_a_customer {
    async fn actor(mut stamps: mpsc::Receiver<oneshot::Sender<u32>>) {
        let mut card = 0;
        let mut waiting = Vec::new();
        while let Some(customer) = stamps.recv().await {
            waiting.push(customer);
            if waiting.len() == 10 {
                for customer in waiting.drain(..) {
                    card += 1;
                    let _ = customer.send(card);
                }
            }
        }
    }
}

mod right_compare_exchange {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        let mut stamps = card.load(Relaxed);
        while let Err(is) = card.compare_exchange(stamps, stamps + 1, Relaxed, Relaxed) {
            stamps = is;
        }
        stamps + 1
    }
}

mod right_compare_exchange_weak {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        loop {
            let stamps = card.load(Relaxed);
            if card.compare_exchange_weak(stamps, stamps + 1, Relaxed, Relaxed).is_ok() {
                return stamps + 1;
            }
        }
    }
}

mod right_fetch_update {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        let before = card.fetch_update(Relaxed, Relaxed, |stamps| Some(stamps + 1));
        before.expect("there is always one more") + 1
    }
}

mod right_a_lock_of_its_own_around_two_steps {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        static OWN: std::sync::Mutex<()> = std::sync::Mutex::new(());
        order.pay_for_coffee().await;
        let _own = OWN.lock().expect("no customer panics");
        let stamps = card.load(Relaxed);
        card.store(stamps + 1, Relaxed);
        stamps + 1
    }
}

mod right_an_async_lock_of_its_own {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        static OWN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        order.pay_for_coffee().await;
        let _own = OWN.lock().await;
        let stamps = card.load(Relaxed);
        card.store(stamps + 1, Relaxed);
        stamps + 1
    }
}

mod right_the_guard_is_dropped_by_hand {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        order.pay_for_coffee().await;
        let mut stamps = card.lock().unwrap();
        *stamps += 1;
        let now = *stamps;
        drop(stamps);
        now
    }
}

mod right_tries_until_it_has_the_lock {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        order.pay_for_coffee().await;
        loop {
            if let Ok(mut stamps) = card.try_lock() {
                *stamps += 1;
                return *stamps;
            }
            tokio::task::yield_now().await;
        }
    }
}

mod right_an_actor_with_a_loop {
    async fn actor(mut stamps: mpsc::Receiver<oneshot::Sender<u32>>) {
        let mut card = 0;
        loop {
            let Some(customer) = stamps.recv().await else { return };
            card += 1;
            if customer.send(card).is_err() {
                card -= 1;
            }
        }
    }
}

mod wrong_swapped {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        let stamps = card.load(Relaxed) + 1;
        card.swap(stamps, Relaxed);
        stamps
    }
}

mod wrong_the_larger_one_wins {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        order.pay_for_coffee().await;
        let stamps = card.load(Relaxed) + 1;
        card.fetch_max(stamps, Relaxed).max(stamps)
    }
}

mod wrong_a_count_beside_the_card {
    async fn with_atomic(order: &Order, card: &AtomicU32) -> u32 {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        order.pay_for_coffee().await;
        let stamps = COUNT.fetch_add(1, Relaxed) + 1;
        card.store(stamps, Relaxed);
        stamps
    }
}

mod wrong_the_lock_only_for_reading {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        order.pay_for_coffee().await;
        let read = || *card.lock().expect("no customer panics");
        let stamps = read();
        tokio::task::yield_now().await;
        *card.lock().expect("no customer panics") = stamps + 1;
        stamps + 1
    }
}

mod wrong_the_actor_starts_anew_for_each {
    async fn actor(mut stamps: mpsc::Receiver<oneshot::Sender<u32>>) {
        while let Some(customer) = stamps.recv().await {
            let mut card = 0;
            card += 1;
            let _ = customer.send(card);
        }
    }
}

mod wrong_locked_twice {
    async fn with_mutex(order: &Order, card: &Mutex<u32>) -> u32 {
        order.pay_for_coffee().await;
        let mut stamps = card.lock().expect("no customer panics");
        *stamps += 1;
        *card.lock().expect("no customer panics")
    }
}
