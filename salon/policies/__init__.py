"""Pure questions: may this actor do that?"""
