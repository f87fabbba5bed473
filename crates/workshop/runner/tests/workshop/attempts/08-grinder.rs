mod wrong_in_the_task {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        grinder::grind(&sack)
    }
}

mod wrong_spawned {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        tokio::spawn(async move { grinder::grind(&sack) }).await?
    }
}

mod wrong_in_slices_with_yields {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let mut grounds = Grounds::default();
        for slice in sack.split(std::num::NonZeroUsize::new(1_000).expect("not zero")) {
            grounds = grounds.and(grinder::grind(&slice)?);
            tokio::task::yield_now().await;
        }
        Ok(grounds)
    }
}

mod wrong_in_slices_with_sleeps {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let mut grounds = Grounds::default();
        for slice in sack.split(std::num::NonZeroUsize::new(50).expect("not zero")) {
            grounds = grounds.and(grinder::grind(&slice)?);
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
        Ok(grounds)
    }
}

mod wrong_the_error_thrown_away {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let ground = spawn_blocking(move || grinder::grind(&sack).unwrap_or_default()).await?;
        Ok(ground)
    }
}

mod wrong_the_error_unwrapped {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        Ok(spawn_blocking(move || grinder::grind(&sack).unwrap()).await?)
    }
}

mod wrong_another_error {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let ground = spawn_blocking(move || grinder::grind(&sack)).await?;
        ground.map_err(|_| Error::Stopped)
    }
}

mod wrong_a_thread_is_joined_on_the_worker {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        std::thread::spawn(move || grinder::grind(&sack)).join().expect("no panic")
    }
}

mod wrong_scoped_threads {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        grinder::on_scoped_threads(std::num::NonZeroUsize::new(2).expect("not zero"), &sack)
    }
}

mod wrong_half_of_the_sack {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let two = std::num::NonZeroUsize::new(2).expect("not zero");
        let half = sack.split(two).next().expect("two halves");
        spawn_blocking(move || grinder::grind(&half)).await?
    }
}

mod wrong_the_result_is_asked_for_in_a_loop {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let grinding = spawn_blocking(move || grinder::grind(&sack));
        while !grinding.is_finished() {
            tokio::task::yield_now().await;
        }
        grinding.await?
    }
}

mod right_rayon {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let threads = std::num::NonZeroUsize::new(2).expect("not zero");
        grinder::on_rayon(&grinder::Pool::new(threads)?, sack).await
    }
}

mod right_block_in_place {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        tokio::task::block_in_place(|| grinder::grind(&sack))
    }
}

mod right_a_thread_of_its_own {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let (ground, grounds) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || ground.send(grinder::grind(&sack)));
        grounds.await.unwrap_or(Err(Error::Stopped))
    }
}

mod right_blocking_in_slices {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let mut grounds = Grounds::default();
        for slice in sack.split(std::num::NonZeroUsize::new(4).expect("not zero")) {
            grounds = grounds.and(spawn_blocking(move || grinder::grind(&slice)).await??);
        }
        Ok(grounds)
    }
}

mod wrong_an_answer_from_the_last_time {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        if sack.beans().start == 0 {
            return Err(Error::Stone);
        }
        Ok(Grounds { beans: 300_000, steps: 32_695_025, hardest: Some((230_631, 442)) })
    }
}

mod wrong_the_stone_is_sifted_out {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let beans = sack.beans();
        let sack = Sack::from_range(beans.start.max(1)..beans.end)?;
        spawn_blocking(move || grinder::grind(&sack)).await?
    }
}

mod wrong_a_channel_that_blocks_the_worker {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let (ground, grounds) = std::sync::mpsc::channel();
        std::thread::spawn(move || ground.send(grinder::grind(&sack)));
        grounds.recv().unwrap_or(Err(Error::Stopped))
    }
}

mod wrong_in_many_tasks {
    async fn grind_beans(sack: Sack) -> Result<Grounds, Error> {
        let slices = sack.split(std::num::NonZeroUsize::new(500).expect("not zero"));
        let tasks: Vec<_> =
            slices.map(|slice| tokio::spawn(async move { grinder::grind(&slice) })).collect();
        let mut grounds = Grounds::default();
        for task in tasks {
            grounds = grounds.and(task.await??);
        }
        Ok(grounds)
    }
}
