"""Operations at sea: weather windows, campaigns, maintenance, certification, growth of reliability."""
