"""Exact answers by independent code, and the same model code run on textbook scenario files.

The answers import nothing from the model: ``queues``, ``priorities``, ``calendars``, ``breakdowns`` for bays;
``base_stock``, ``order_rules``, ``notice``, ``pooling`` for parts (on ``demand`` and ``lead_times``); ``fleet`` for
cars; ``ladders`` and ``ladders_on_calendars`` for disputes; ``chains`` solves the Markov chains among them. They are
held to closed forms, published figures and second routes in ``test_exact_*``.
"""
