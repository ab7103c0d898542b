from benchmarks.contact_gate import measure


def test_it_judges_and_says_how_many() -> None:
    found = measure(seconds=0.01, customers=200)
    assert found["messages"] >= 200
    assert set(found["outcomes"]) <= {"allowed", "deferred", "suppressed"}
    assert len(found["outcomes"]) == 3
    assert found["per_s"] > 0
    assert found["floor_per_s"] > 0
