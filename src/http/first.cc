namespace cstims {}
