"""The tests of check_engine, which judges engines that users wrote."""
